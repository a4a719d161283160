"""Runs a composite GitHub Action as a runner does: run_action.py ROOT TEMP NAME=INPUT…

ROOT has action.yml; the current folder is the checkout. Steps that use other actions are told of and not
run. In an input, \\n is the end of a line. What is understood of expressions is what our action uses.
"""
import os
import re
import subprocess
import sys

import yaml


def evaluate(expression, context):
    expression = expression.strip()
    if "&&" in expression:
        return all([evaluate(part, context) for part in expression.split("&&")])
    if match := re.fullmatch(r"(\S+) (==|!=) '(.*)'", expression):
        same = context.get(match[1], "") == match[3]
        return same if match[2] == "==" else not same
    return context.get(expression, "")


def expand(text, context):
    return re.sub(r"\$\{\{(.*?)\}\}", lambda match: str(evaluate(match[1], context)), str(text))


def main():
    root, temp = sys.argv[1:3]
    with open(os.path.join(root, "action.yml"), encoding="utf-8") as file:
        action = yaml.safe_load(file)
    context = {f"inputs.{name}": str(spec.get("default", "")) for name, spec in action["inputs"].items()}
    for argument in sys.argv[3:]:
        name, value = argument.split("=", 1)
        if f"inputs.{name}" not in context:
            sys.exit(f"there is no input {name}")
        context[f"inputs.{name}"] = value.replace("\\n", "\n")
    ok = True
    for number, step in enumerate(action["runs"]["steps"]):
        condition = step.get("if", "")
        if not ok or (condition and not evaluate(condition.strip("${} "), context)):
            continue
        if "uses" in step:
            settings = {key: expand(value, context) for key, value in step["with"].items()}
            print(f"uploads {settings['sarif_file']} as {settings['category']}", flush=True)
            assert os.path.isfile(settings["sarif_file"])
            continue
        outputs = os.path.join(temp, f"outputs-{number}")
        open(outputs, "w", encoding="utf-8").close()
        environment = dict(os.environ, GITHUB_OUTPUT=outputs, GITHUB_ACTION_PATH=root, RUNNER_TEMP=temp)
        environment.update({key: expand(value, context) for key, value in step.get("env", {}).items()})
        assert step["shell"] == "bash"
        # As a runner calls it for `shell: bash`.
        done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                              env=environment, stderr=subprocess.STDOUT, check=False)
        ok = done.returncode == 0
        with open(outputs, encoding="utf-8") as file:
            for line in file:
                name, value = line.rstrip("\n").split("=", 1)
                context[f"steps.{step.get('id')}.outputs.{name}"] = value
    for name, spec in action["outputs"].items():
        print(f"output {name}={expand(spec['value'], context)}")
    print("job passed" if ok else "job failed")


main()
