;;; Uses `heddle lsp` from Emacs' eglot as a person would, set up as the documentation says: reads
;;; what is wrong, mends it by hand, takes that back, reads the story, and takes the offered fix.
;;; $SETUP is the piece of documentation, $CODE the file; heddle is in $PATH.
(require 'eglot)
(require 'flymake)

(defun check (condition what)
  (unless condition
    (error "%s; diagnostics: %S" what (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))))

(defmacro wait-until (what condition)
  "As long as it takes: a slow machine is no failure."
  `(let ((deadline (+ (float-time) 300)))
     (while (not ,condition)
       (when (> (float-time) deadline)
         (check nil (concat "waited in vain until " ,what)))
       (accept-process-output nil 0.02))))

(defun go-to (text)
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0)))

(defun replace-line (text with)
  "Replace the line that has TEXT, as if it were typed."
  (go-to text)
  (delete-region (line-beginning-position) (line-end-position))
  (insert with)
  ;; In batch mode nothing is idle, which is when eglot tells the server.
  (eglot--signal-textDocument/didChange))

(setq eglot-sync-connect 300
      eglot-connect-timeout 300
      eglot-autoshutdown nil
      eglot-confirm-server-initiated-edits nil
      create-lockfiles nil
      make-backup-files nil
      flymake-no-changes-timeout 0.1)
(load-file (getenv "SETUP"))

(find-file (getenv "CODE"))
(check (eq major-mode 'c++-mode) "this is no C++")
(apply #'eglot (eglot--guess-contact))
;; Likewise flymake would wait for idleness to begin.
(flymake-start)

(wait-until "the race is found" (flymake-diagnostics))
(let* ((finding (car (flymake-diagnostics)))
       (text (flymake-diagnostic-text finding)))
  (check (= 1 (length (flymake-diagnostics))) "one finding was expected")
  (check (eq (flymake-diagnostic-type finding) 'eglot-error) "the finding is no error")
  (check (string-match-p "'hits' is written" text) "the message is odd")
  (check (string-match-p "heddle.*unguarded-shared-write" text) "the finding has no name")
  (go-to "++hits")
  (check (= (flymake-diagnostic-beg finding) (point)) "the finding is in the wrong place"))

;; Mended by hand, not saved.
(replace-line "  count();" "")
(wait-until "the race is gone" (null (flymake-diagnostics)))
(go-to "  other.join")
(forward-line -1)
(insert "  count();")
(eglot--signal-textDocument/didChange)
(wait-until "the race is back" (flymake-diagnostics))

;; Settings, while the server runs.
(dolist (step '(("-unguarded-shared-write" . null) ("" . identity)))
  (setq-default eglot-workspace-configuration `((:heddle . (:checks ,(car step)))))
  (eglot-signal-didChangeConfiguration (eglot-current-server))
  (wait-until "the setting is heeded" (funcall (cdr step) (flymake-diagnostics))))

;; The menu of actions that the user sees, and what is chosen from it.
(defun take-action (wanted)
  (go-to "++hits")
  (let ((last-nonmenu-event 'a-key))
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt items &rest _)
                 (let ((titles (mapcar #'car items)))
                   (or (seq-find (lambda (title) (string-match-p wanted title)) titles)
                       (error "Not offered: %s, only %S" wanted titles))))))
      (eglot-code-actions (point) (line-end-position) nil t))))

(take-action "Show what the threads do")
(with-current-buffer "*heddle story*"
  (go-to "the thread that runs 'count'"))

(take-action "std::atomic<int>")
(eglot--signal-textDocument/didChange)
(wait-until "the fixed text is clean" (null (flymake-diagnostics)))
(go-to "#include <atomic>")
(go-to "static std::atomic<int> hits")
(save-buffer)

(eglot-shutdown (eglot-current-server))
(princ "everything worked\n")
