" Uses `heddle lsp` from Vim's plugin ALE as a person would, set up as the documentation says: reads
" what is wrong, mends it by hand, takes that back, and takes the offered fix. $SETUP is the piece
" of documentation, $CODE the file.
set nocompatible noswapfile hidden
filetype plugin on

function Check(condition, what)
  if !a:condition
    throw a:what . '; findings: ' . string(getloclist(0)) . '; ' . execute('messages')
  endif
endfunction

" As long as it takes: a slow machine is no failure.
function WaitUntil(what, Condition)
  let rounds = 0
  while !a:Condition()
    call Check(rounds < 3000, 'waited in vain until ' . a:what)
    sleep 100m
    let rounds += 1
  endwhile
endfunction

let s:has_finding = {-> !empty(getloclist(0))}
let s:is_clean = {-> empty(getloclist(0))}

function Main()
  execute 'source' $SETUP
  execute 'cd' fnamemodify($CODE, ':h')
  execute 'edit' $CODE
  call WaitUntil('the race is found', s:has_finding)
  let finding = getloclist(0)[0]
  call Check(len(getloclist(0)) == 1, 'one finding was expected')
  call Check(getline(finding.lnum) =~ '++hits', 'the finding is on the wrong line')
  call Check(getline(finding.lnum)[finding.col - 1:] =~ '^\(++\)\?hits', 'the finding is in the wrong column')
  call Check(finding.type == 'E', 'the finding is no error')
  call Check(finding.text =~ "unguarded-shared-write: 'hits' is written", 'the message is odd')

  " Mended by hand, not saved. In this mode ALE does not hear of it by itself.
  let call_line = search('^  count();')
  call setline(call_line, '')
  ALELint
  call WaitUntil('the race is gone', s:is_clean)
  call setline(call_line, '  count();')
  ALELint
  call WaitUntil('the race is back', s:has_finding)

  " The menu of actions that the user sees, and what is typed into it.
  runtime autoload/ale/util.vim
  let g:menu = ''
  function! ale#util#Input(message, value, ...)
    let g:menu = a:message
    return matchstr(a:message, '\d\+\ze) [^\n]*std::atomic<int>')
  endfunction
  call cursor(getloclist(0)[0].lnum, getloclist(0)[0].col)
  ALECodeAction
  call WaitUntil('the menu is there', {-> g:menu != ''})
  call Check(g:menu =~ 'std::atomic<int>', 'the fix is not offered, only ' . g:menu)
  call WaitUntil('the fix is made', {-> search('^static std::atomic<int> hits = 0;', 'nw')})
  call Check(search('^#include <atomic>', 'nw'), 'the fix forgot its header')
  ALELint
  call WaitUntil('the fixed text is clean', s:is_clean)
  write
endfunction

try
  call Main()
  verbose echo "everything worked\n"
  qall!
catch
  verbose echo 'vim: ' . v:exception . ' in ' . v:throwpoint . "\n"
  cquit
endtry
