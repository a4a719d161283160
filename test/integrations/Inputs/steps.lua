-- What a test does in Neovim as a person would; the answer of this file has the steps. $SETUP is the
-- piece of documentation, $CODE the file.
local steps = {}

function steps.check(condition, what)
  if not condition then
    error(what .. '; diagnostics: ' .. vim.inspect(vim.diagnostic.get(0)), 0)
  end
end

-- As long as it takes: a slow machine is no failure.
function steps.wait_until(what, condition)
  steps.check(vim.wait(300000, condition, 20), 'waited in vain until ' .. what)
end

-- The line of the text, and the column where it begins in it; both from 0.
function steps.line_of(text)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, true)) do
    local column = line:find(text, 1, true)
    if column then
      return number - 1, column - 1
    end
  end
  error('no line has ' .. text)
end

-- Sets Neovim up, opens the file, does the rest and ends.
function steps.run(main)
  local worked, problem = pcall(function()
    vim.cmd('filetype on')
    dofile(vim.env.SETUP)
    vim.cmd('cd ' .. vim.fn.fnamemodify(vim.env.CODE, ':h'))
    vim.cmd('edit ' .. vim.env.CODE)
    main()
  end)
  io.stdout:write(worked and 'everything worked\n' or 'neovim: ' .. tostring(problem) .. '\n')
  vim.cmd(worked and 'qall!' or 'cquit 1')
end

return steps
