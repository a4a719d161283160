"""The code block of a page behind the line <!-- NAME -->.

quoted.py PAGE NAME          prints it
quoted.py PAGE NAME OUTPUT   fails unless it stands in the file OUTPUT as it is
"""
import re
import sys

page, name = sys.argv[1:3]
with open(page, encoding="utf-8") as file:
    block = re.search(rf"^<!-- {name} -->\n```\w*\n(.*?)^```$", file.read(), re.M | re.S)
if not block:
    sys.exit(f"{page}: there is no code block behind <!-- {name} -->")
if len(sys.argv) == 3:
    sys.stdout.write(block.group(1))
else:
    with open(sys.argv[3], encoding="utf-8") as file:
        output = file.read()
    if block.group(1) not in output:
        sys.exit(f"{page} shows what is not printed any more. Printed now:\n{output}")
