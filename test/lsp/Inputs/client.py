"""A small client of the language server: it sends what it is told to, and waits for answers."""
import json
import queue
import subprocess
import threading

ABILITIES = {
    "workspace": {"configuration": True, "workspaceEdit": {"documentChanges": True},
                  "didChangeWatchedFiles": {"dynamicRegistration": True}},
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True, "codeDescriptionSupport": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
                       "isPreferredSupport": True},
    },
    "window": {"showDocument": {"support": True}},
}


class Client:
    def __init__(self, heddle, folder, options=None, abilities=ABILITIES, settings=None,
                 refused=()):
        self.process = subprocess.Popen([heddle, "lsp"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.settings = settings
        self.refused = refused  # Requests of the server that get an error.
        self.messages = queue.Queue()
        self.seen = []
        self.last_id = 0
        self.versions = {}
        threading.Thread(target=self._read, daemon=True).start()
        self.server = self.call("initialize", {
            "processId": None, "capabilities": abilities, "initializationOptions": options,
            "workspaceFolders": [{"uri": uri_of(folder), "name": "test"}]})
        self.notify("initialized", {})

    def _read(self):
        out = self.process.stdout
        while True:
            length = 0
            while line := out.readline().strip():
                name, value = line.split(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                return self.messages.put(None)
            self.messages.put(json.loads(out.read(length)))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def request(self, method, params):
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params})
        return self.last_id

    def answer(self, request):
        reply = self.wait(lambda m: "method" not in m and m.get("id") == request)
        if "error" in reply:
            return reply["error"]
        return reply["result"]

    def call(self, method, params):
        return self.answer(self.request(method, params))

    def wait(self, is_wanted, timeout=120):
        """The next message that is wanted. Requests of the server are answered meanwhile."""
        while True:
            message = self.messages.get(timeout=timeout)
            if message is None:
                raise EOFError("the server is gone")
            self.seen.append(message)
            if "method" in message and "id" in message:
                result = None
                if message["method"] == "workspace/configuration":
                    result = [self.settings for _ in message["params"]["items"]]
                elif message["method"] == "window/showDocument":
                    result = {"success": True}
                if message["method"] in self.refused:
                    self.send({"id": message["id"], "error": {"code": -32601, "message": "no"}})
                else:
                    self.send({"id": message["id"], "result": result})
            if is_wanted(message):
                return message

    def open(self, path, text=None):
        if text is None:
            text = path.read_text(encoding="utf-8")
        self.versions[path] = 1
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": uri_of(path), "languageId": "cpp", "version": 1, "text": text}})

    def change(self, path, *changes):
        """Each change is the new text, or (line, column, line, column, text)."""
        self.versions[path] += 1
        self.notify("textDocument/didChange", {
            "textDocument": {"uri": uri_of(path), "version": self.versions[path]},
            "contentChanges": [_change(c) for c in changes]})

    def close(self, path):
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri_of(path)}})

    def diagnostics(self, path):
        """What is published next for the document as it is now."""
        message = self.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics" and
                            m["params"]["uri"] == uri_of(path) and
                            m["params"].get("version") == self.versions.get(path))
        return message["params"]["diagnostics"]

    def actions(self, path, where, only=None):
        context = {"diagnostics": []}
        if only:
            context["only"] = only
        return self.call("textDocument/codeAction", {
            "textDocument": {"uri": uri_of(path)}, "range": where, "context": context})

    def stop(self):
        self.call("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(timeout=60)


def _change(change):
    if isinstance(change, str):
        return {"text": change}
    line, column, end_line, end_column, text = change
    return {"range": {"start": {"line": line, "character": column},
                      "end": {"line": end_line, "character": end_column}}, "text": text}


def uri_of(path):
    return path.resolve().as_uri()


def apply(text, edits):
    """The text after edits, which are sorted here; columns are taken for bytes."""
    lines = text.splitlines(keepends=True) + [""]

    def offset(place):
        return sum(len(line) for line in lines[:place["line"]]) + place["character"]

    for edit in sorted(edits, key=lambda e: offset(e["range"]["start"]), reverse=True):
        text = (text[:offset(edit["range"]["start"])] + edit["newText"] +
                text[offset(edit["range"]["end"]):])
    return text
