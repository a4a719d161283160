"""Checks who includes whom: includes.py ROOT

The rows of ALLOWED are the layers of the house, the most particular folder first; a file belongs to
the first row it is in, and may include its own folder, the C++ and C library, and what the row names.
"""
import pathlib
import re
import sys

CLANG_AST = ["clang/AST/", "clang/ASTMatchers/", "clang/Analysis/", "clang/Basic/", "clang/Index/",
             "clang/Lex/"]
BELOW_DRIVER = ["rules/", "model/", "checks/", "llvm/", "clang/", "nlohmann/"]

ALLOWED = {
    "runtime": ["heddle/", "boost/context/", "linux/", "sanitizer/"],
    "model/facts": ["llvm/"],
    "model/program": ["model/facts/", "llvm/"],
    "model/vocabulary": ["rules/", "llvm/", "nlohmann/", *CLANG_AST],
    "model/unit": ["model/facts/", "model/vocabulary/", "llvm/", *CLANG_AST],
    "checks": ["model/facts/", "model/program/", "llvm/"],
    "rules": ["llvm/"],
    "driver/catalogue": BELOW_DRIVER,
    "driver/config": [*BELOW_DRIVER, "driver/catalogue/"],
    "driver/run": [*BELOW_DRIVER, "driver/catalogue/", "driver/config/"],
    "driver/fix": [*BELOW_DRIVER, "driver/catalogue/", "driver/run/"],
    "driver/output": [*BELOW_DRIVER, "driver/catalogue/", "driver/run/", "driver/fix/"],
    # The front ends: everything in driver/ but each other.
    "driver/cli": [*BELOW_DRIVER, "driver/"],
    "driver/lsp": [*BELOW_DRIVER, "driver/"],
    "driver/tidy": [*BELOW_DRIVER, "driver/", "clang-tidy/"],
}
FRONT_ENDS = ["driver/cli", "driver/lsp", "driver/tidy"]
ONLY_IN = {
    "llvm/Support/LSP/": "driver/lsp",
    "llvm/Support/JSON.h": "driver/lsp",
    "llvm/Option/": "driver/cli",
}
# model/ and checks/ compute: they do not look at the world, nor speak to it.
PURE = ["model", "checks"]
WORLD = re.compile(r"\b(llvm::)?(outs|errs)\(\)|\bstd::(cout|cerr|clog|ifstream|ofstream|fstream)\b"
                   r"|(?<![\w.>:])(printf|fprintf|exit|_exit|abort|fopen|getenv)\s*\("
                   r"|\bMemoryBuffer::getFile|\braw_fd_ostream\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def layer_of(path):
    for layer in ALLOWED:
        if path.startswith(layer + "/"):
            return layer
    return None


def complaint(path, layer, quote, header):
    for prefix, home in ONLY_IN.items():
        if header.startswith(prefix) and layer != home:
            return f"only {home} may include {prefix}"
    if layer in FRONT_ENDS:
        for other in FRONT_ENDS:
            if other != layer and header.startswith(other + "/"):
                return "a front end includes another"
    # <vector>, <sys/stat.h>: the C++ and C library have no other folder than sys.
    if quote == "<" and ("/" not in header or header.startswith("sys/")):
        return None
    if layer == "runtime" and quote == '"' and "/" not in header:
        return None
    if header.startswith((layer + "/", *ALLOWED[layer])):
        return None
    return f"{layer} may not include this"


def check(root):
    problems = []
    for file in sorted(p for top in ("runtime", "model", "checks", "rules", "driver")
                       for p in (root / top).rglob("*") if p.suffix in (".h", ".hpp", ".cpp")):
        path = file.relative_to(root).as_posix()
        layer = layer_of(path)
        if layer is None or path.startswith(("runtime/bench/", "runtime/test/")):
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            include = INCLUDE.match(line)
            if include:
                reason = complaint(path, layer, *include.groups())
                if reason:
                    problems.append(f"{path}:{number}: {include.group(2)}: {reason}")
            elif path.split("/")[0] in PURE and WORLD.search(line.split("//")[0]):
                problems.append(f"{path}:{number}: {line.strip()}: {path.split('/')[0]} does not "
                                "touch the outside")
    return problems


found = check(pathlib.Path(sys.argv[1]))
print("\n".join(found) or "every layer keeps to itself")
sys.exit(1 if found else 0)
