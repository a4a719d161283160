"""Writes min.cpp, whose second line is very long, and many.cpp, where a variable is written at many
places."""
padding = "int unused%d;"
before = "".join(padding % i for i in range(2000))
behind = "".join(padding % i for i in range(2000, 4000))
with open("min.cpp", "w", encoding="utf-8") as out:
    out.write("#include <thread>\n")
    out.write(before + "int hits; void f() { ++hits; } int main() { std::thread t(f); ++hits; t.join(); }" +
              behind + "\n")
with open("many.cpp", "w", encoding="utf-8") as out:
    out.write("#include <thread>\nint hits;\nvoid f() {\n")
    out.write("  ++hits;\n" * 20)
    out.write("}\nint main() {\n  std::thread t(f);\n  ++hits;\n  t.join();\n}\n")
