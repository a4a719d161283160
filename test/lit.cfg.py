# How the tests are found and what the words in their RUN lines stand for.
import os
import shutil

import lit.formats

config.name = "heddle"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".cpp", ".test"]
config.excludes = ["Inputs", "tools", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.heddle_obj_root, "test")

# FileCheck, not, split-file, count and the like; and heddle, for editors and other tools that call it.
config.environment["PATH"] = os.pathsep.join(
    [config.llvm_tools_dir, config.heddle_tools_dir, config.environment["PATH"]])
config.environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"
# A race is a failure, whatever the machine's own options say.
config.environment["TSAN_OPTIONS"] = ("halt_on_error=0:exitcode=66:suppressions=" +
                                      os.path.join(config.heddle_src_root, "runtime", "tsan.supp"))
# What orders the threads of OpenMP is known to ThreadSanitizer by a tool that comes with libomp.
archer = os.path.join(config.llvm_tools_dir, "..", "lib", "libarcher.so")
if os.path.exists(archer):
    config.available_features.add("openmp")
    config.environment["OMP_TOOL_LIBRARIES"] = archer

# A model checker, for the runtime's protocols.
if shutil.which("spin"):
    config.available_features.add("spin")

test_tools = os.path.join(config.test_source_root, "tools")
modules = os.path.join(test_tools, "node_modules")
multitool_dir = os.path.join(modules, "@microsoft", "sarif-multitool-linux")
runtime_include = os.path.join(config.heddle_src_root, "runtime", "include")
clang = os.path.join(config.llvm_tools_dir, "clang")
clangxx = os.path.join(config.llvm_tools_dir, "clang++")
heddle = os.path.join(config.heddle_tools_dir, "heddle")


def substitute(word, text):
    config.substitutions.append(("%" + word + r"\b", text))


# %heddle_verify [--checks=RULES] FILE -- FLAGS compares findings with the comments in FILE:
# expected-warning {{...}}, expected-no-diagnostics.
substitute("heddle_verify",
           heddle + " check --quiet --extra-arg=-Xclang --extra-arg=-verify")
# %heddle_tidy OPTIONS FILES: clang-tidy with Heddle's module and its rules alone.
tidy_module = os.path.join(config.heddle_obj_root, "lib", "libHeddleTidy.so")
# %heddle_tidy_load is the same without the rules and with the configuration that is found.
tidy_load = os.path.join(config.llvm_tools_dir, "clang-tidy") + " -load=" + tidy_module
substitute("heddle_tidy", tidy_load + " '-checks=-*,heddle-*' '-config={}'")
substitute("heddle_tidy_load", tidy_load)
substitute("tidy_module", tidy_module)
substitute("heddle", heddle)
substitute("clangxx", clangxx)
substitute("clang", clang)
# Programs against the runtime: %runtime_cxx FILE %runtime_lib -o OUT
substitute("runtime_cxx", clangxx + " -std=c++20 -I" + runtime_include +
           " -pthread -Wall -Wextra -Werror")
substitute("runtime_lib", config.heddle_runtime_lib + " -lboost_context")
substitute("tsan_runtime_lib", config.heddle_tsan_runtime_lib + " -lboost_context")
substitute("asan_runtime_lib", config.heddle_asan_runtime_lib + " -lboost_context")
substitute("runtime_tsan_lib", config.heddle_tsan_runtime_lib + " -lboost_context")
substitute("runtime_include", runtime_include)
# Programs under ThreadSanitizer, without the runtime: %tsan_cxx FILE -o OUT
substitute("tsan_cxx", clangxx + " -std=c++20 -O1 -g -fsanitize=thread -pthread")
substitute("tsan_cc", clang + " -std=gnu17 -O1 -g -fsanitize=thread -pthread")
substitute("FileCheck", os.path.join(config.llvm_tools_dir, "FileCheck"))
substitute("python", config.python)
substitute("node", config.node)
# %ajv validate -s SCHEMA -d FILES
substitute("ajv", config.node + " " + os.path.join(test_tools, "ajv.js"))
substitute("sarif_schema", os.path.join(multitool_dir, "sarif-2.1.0.json"))
# %check_sarif LOG SRCROOT: what other tools think of it. See the script.
substitute("check_sarif", config.python + " " + os.path.join(test_tools, "check_sarif.py") + " " +
           os.path.join(multitool_dir, "Sarif.Multitool"))
substitute("cyclonedx", os.path.join(modules, "@cyclonedx", "cyclonedx-library", "res", "schema"))
# %action_validator FILE: whether GitHub would take an action or a workflow.
substitute("action_validator", config.node + " " +
           os.path.join(modules, "@action-validator", "cli", "cli.mjs"))
substitute("driver_inputs", os.path.join(config.test_source_root, "driver", "Inputs"))
substitute("src", config.heddle_src_root)
substitute("build", config.heddle_obj_root)
substitute("rules", os.path.join(config.heddle_src_root, "rules"))
substitute("test_tools", test_tools)

# The validators come from npm: npm ci --prefix test/tools
if config.node and os.path.exists(modules):
    config.available_features.add("npm-tools")
else:
    lit_config.note("without node and 'npm ci --prefix test/tools', SARIF is not validated")
# %race_found PROGRAM ARGUMENTS: ThreadSanitizer reports a data race in some run.
substitute("race_found", config.python + " " + os.path.join(test_tools, "race_found.py"))
# %deadlock_found PROGRAM ARGUMENTS: some run gets stuck, or ThreadSanitizer reports that locks are
# taken in contradicting orders.
substitute("deadlock_found", config.python + " " + os.path.join(test_tools, "deadlock_found.py"))
# %hangs PROGRAM ARGUMENTS: all threads of the program wait for ever. Not with a sanitizer.
substitute("hangs", config.python + " " + os.path.join(test_tools, "hangs.py"))
# %each_hangs PROGRAM SCENARIOS: each of them does.
hangs_each = os.path.join(test_tools, "hangs.py") + " --each"
substitute("each_hangs", config.python + " " + hangs_each)
# %exits CODE COMMAND…: the command must end with just this exit code.
substitute("exits", config.python + " " +
           os.path.join(config.test_source_root, "driver", "Inputs", "exits.py"))
