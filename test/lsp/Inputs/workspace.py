"""Files for a client to open."""
import json
import pathlib
import shutil

RACE = """#include "count.h"
#include <thread>

int hits;

void work() { ++hits; }

int main() {
  std::thread first(work), second(work);
  first.join();
  second.join();
}
"""


def pthread_race(include="", comment=""):
    """The same with what takes less time to parse."""
    return f"""{include}#include <pthread.h>
int hits;
void *work(void *) {{ {comment}++hits; return nullptr; }}
int main() {{
  pthread_t first, second;
  pthread_create(&first, nullptr, work, nullptr);
  pthread_create(&second, nullptr, work, nullptr);
  pthread_join(first, nullptr);
  pthread_join(second, nullptr);
}}
"""


def make(folder, files, commands=None, flags=("-std=c++20",)):
    """Writes the files and a compile database of those that are no headers."""
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if commands is None:
        commands = [name for name in files if name.endswith((".cpp", ".c"))]
    if commands:
        (folder / "compile_commands.json").write_text(json.dumps([
            {"directory": str(folder), "file": name, "arguments": ["clang++", *flags, name]}
            for name in commands]))
    return folder


def codes(diagnostics):
    return [d["code"] for d in diagnostics]
