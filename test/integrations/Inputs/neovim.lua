-- Uses `heddle lsp` from Neovim's own client as a person would, set up as the documentation says:
-- reads what is wrong, mends it by hand, takes that back, reads the story, and takes the offered
-- fix. $SETUP is the piece of documentation, $CODE the file; heddle is in $PATH.
local steps = dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':h') .. '/steps.lua')
local check, wait_until, line_of = steps.check, steps.wait_until, steps.line_of
local rule = 'unguarded-shared-write'

local function is_clean()
  return #vim.diagnostic.get(0) == 0
end

local function has_finding()
  return #vim.diagnostic.get(0) > 0
end

local function set_line(number, text)
  vim.api.nvim_buf_set_lines(0, number, number + 1, true, { text })
end

local function main()
  wait_until('the race is found', has_finding)
  local finding = vim.diagnostic.get(0)[1]
  check(#vim.diagnostic.get(0) == 1, 'one finding was expected')
  check(finding.lnum == line_of('++hits'), 'the finding is on the wrong line')
  check(finding.code == rule and finding.source == 'heddle', 'the finding has no name')
  check(finding.severity == vim.diagnostic.severity.ERROR, 'the finding is no error')
  check(finding.message:find("'hits' is written", 1, true), 'the message is odd')
  vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, finding.col })
  local text = vim.api.nvim_get_current_line():sub(finding.col + 1, finding.end_col)
  check(text == '++hits' or text == 'hits', 'the finding covers ' .. text)

  -- Mended by hand, not saved.
  local call = line_of('  count();')
  set_line(call, '')
  wait_until('the race is gone', is_clean)
  set_line(call, '  count();')
  wait_until('the race is back', has_finding)

  -- Settings, while the server runs.
  local _, client = next(vim.lsp.buf_get_clients(0))
  for _, step in ipairs({ { '-' .. rule, is_clean }, { '', has_finding } }) do
    local settings = { heddle = { checks = step[1] } }
    client.config.settings = settings
    client.notify('workspace/didChangeConfiguration', { settings = settings })
    wait_until('the setting is heeded', step[2])
  end

  -- The rule's page, where the finding is.
  local page
  vim.lsp.buf_request(0, 'textDocument/hover', vim.lsp.util.make_position_params(),
    function(_, result)
      page = result or {}
    end)
  wait_until('there is an answer to hover', function()
    return page
  end)
  check(page.contents and page.contents.value:find(rule, 1, true),
    'the page of the rule is not shown: ' .. vim.inspect(page))

  -- The menu of actions that the user sees; what is chosen from it is the test's.
  local titles, wanted
  vim.ui.select = function(actions, options, on_choice)
    titles = {}
    for _, action in ipairs(actions) do
      table.insert(titles, (options.format_item(action)))
    end
    for index, title in ipairs(titles) do
      if title:find(wanted, 1, true) then
        return on_choice(actions[index], index)
      end
    end
    on_choice(nil)
  end
  local function take_action(text)
    titles, wanted = nil, text
    vim.lsp.buf.code_action()
    wait_until('the actions are offered', function()
      return titles
    end)
  end

  -- The story floats over the code.
  take_action('Show what the threads do')
  wait_until('the story is shown', function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true)
      if table.concat(lines, ' '):find("the thread that runs 'count'", 1, true) then
        return true
      end
    end
  end)

  take_action('std::atomic<int>')
  wait_until('the fix is made', function()
    local declaration = line_of('hits = 0')
    return vim.api.nvim_buf_get_lines(0, declaration, declaration + 1, true)[1]:find('atomic')
  end)
  wait_until('the fixed text is clean', is_clean)
  check(line_of('#include <atomic>') < line_of('static'), 'the fix forgot its header')
  vim.cmd('write')

  vim.lsp.stop_client(client.id)
  wait_until('the server has ended', function()
    return vim.lsp.client_is_stopped(client.id)
  end)
end

steps.run(main)
