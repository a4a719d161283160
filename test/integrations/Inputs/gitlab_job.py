"""Prints the script of a GitLab job, with its variables unless the environment has them: gitlab_job.py FILE JOB"""
import sys

import yaml

with open(sys.argv[1], encoding="utf-8") as file:
    pipeline = yaml.safe_load(file)
job = pipeline[sys.argv[2]]
assert job["artifacts"]["when"] == "always"
assert job["artifacts"]["reports"] == {"codequality": "gl-code-quality-report.json"}
assert any("npm install" in line and "$HEDDLE_VERSION" in line for line in job["before_script"])
for name, value in {**pipeline["variables"], **job.get("variables", {})}.items():
    print(f"export {name}=${{{name}-'{value}'}}")
print("\n".join(job["script"]))
