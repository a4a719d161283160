-- Has `heddle lsp` and clangd work on the same buffer of Neovim: each shows what is its own, and what
-- one changes the other one follows. $SETUP is the piece of documentation, $CODE the file; heddle
-- and clangd-22 are in $PATH.
local steps = dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':h') .. '/steps.lua')
local check, wait_until, line_of = steps.check, steps.wait_until, steps.line_of

local function count(is_heddle)
  local number = 0
  for _, each in ipairs(vim.diagnostic.get(0)) do
    if (each.source == 'heddle') == is_heddle then
      number = number + 1
    end
  end
  return number
end

local function shows(heddles, clangds)
  return function()
    return count(true) == heddles and count(false) == clangds
  end
end

-- What each server that has something to say answers, by its name.
local function ask(method, params)
  local answers
  vim.lsp.buf_request_all(0, method, params, function(all)
    answers = {}
    for id, answer in pairs(all) do
      answers[vim.lsp.get_client_by_id(id).name] = answer.result
    end
  end)
  wait_until('there are answers to ' .. method, function()
    return answers
  end)
  return answers
end

local function main()
  local clangd = vim.lsp.start_client({
    name = 'clangd',
    -- Whose style a .clang-tidy above the build directory asks for is not the question here.
    cmd = { 'clangd-22', '--background-index=false', '-j=1', '--clang-tidy=0' },
    root_dir = vim.fn.getcwd(),
  })
  vim.lsp.buf_attach_client(0, clangd)
  wait_until('both are ready', function()
    local other = vim.lsp.get_client_by_id(clangd)
    return other and other.initialized and shows(1, 0)()
  end)

  -- What does not compile is clangd's to tell; Heddle keeps what it has found.
  vim.api.nvim_buf_set_lines(0, -1, -1, true, { 'int broken = "no";' })
  wait_until('clangd shows the error', shows(1, 1))
  vim.wait(1000)
  check(shows(1, 1)(), 'they disturb each other')

  local place = vim.lsp.util.make_position_params()
  local line, column = line_of('++hits')
  place.position = { line = line, character = column + 2 }
  local pages = ask('textDocument/hover', place)
  check(pages.clangd and pages.clangd.contents.value:find('hits', 1, true), 'clangd has no hover')
  check(pages.heddle and pages.heddle.contents.value:find('unguarded-shared-write', 1, true), 'heddle has no hover')
  local homes = ask('textDocument/definition', place)
  check(homes.clangd and #homes.clangd == 1 and not homes.heddle, 'the definition is not clangd\'s alone')

  local titles
  vim.ui.select = function(actions, options, on_choice)
    titles = vim.tbl_map(options.format_item, actions)
    for index, title in ipairs(titles) do
      if title:find('std::atomic<int>', 1, true) then
        return on_choice(actions[index], index)
      end
    end
    on_choice(nil)
  end
  vim.api.nvim_win_set_cursor(0, { place.position.line + 1, place.position.character })
  vim.lsp.buf.code_action()
  wait_until('the actions of both are offered', function()
    return titles
  end)
  wait_until('the fix is made', function()
    return vim.tbl_contains(vim.api.nvim_buf_get_lines(0, 0, -1, true), '#include <atomic>')
  end)
  vim.api.nvim_buf_set_lines(0, -2, -1, true, {})
  wait_until('both are content', shows(0, 0))
  vim.cmd('write')
  for _, client in pairs(vim.lsp.buf_get_clients(0)) do
    client.stop()
  end
end

steps.run(main)
