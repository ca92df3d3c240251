"""Reads the XML reports of a verify run: says which tests could not run here and why, which failed,
and counts. Exits with 1 if one failed, or if none ran."""

import collections
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

ABORTED = re.compile(r"TestAbortedException: (?:Assumption failed: )?(.*)")
# AssertJ's assumptions say it in the next line.
DESCRIBED = re.compile(r"assumption was not met due to: \[(.*?)\]", re.DOTALL)


def reason(skipped):
    """The assumption's message: an attribute in Maven's reports, a stack trace in the launcher's."""
    text = skipped.get("message") or skipped.text or ""
    match = DESCRIBED.search(text) or ABORTED.search(text)
    first_line = match.group(1) if match else (text.strip().splitlines() or ["no reason given"])[0]
    return re.sub(r"^Assumption failed: ", "", first_line).strip()


def main(root):
    files = [
        *root.glob("**/target/surefire-reports/TEST-*.xml"),
        *root.glob("**/target/failsafe-reports/TEST-*.xml"),
        *root.glob("target/user-reports/*/TEST-*.xml"),
    ]
    passed, failed, reasons = 0, [], collections.defaultdict(list)
    for file in sorted(files):
        as_user = " (as an ordinary user)" if "user-reports" in file.parts else ""
        for case in ElementTree.parse(file).iter("testcase"):
            name = f"{case.get('classname').rsplit('.', 1)[-1]}.{case.get('name')}{as_user}"
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                failed.append(name)
            elif skipped is not None:
                reasons[reason(skipped)].append(name)
            else:
                passed += 1
    count = sum(map(len, reasons.values()))
    if reasons:
        print(f"{count} tests could not run here:")
    for why, names in sorted(reasons.items(), key=lambda entry: -len(entry[1])):
        print(f"  {len(names):4}  {why}")
    for name in failed:
        print(f"  failed: {name}")
    print(f"{passed} passed, {len(failed)} failed, {count} skipped")
    return 1 if failed or not passed else 0


sys.exit(main(pathlib.Path(sys.argv[1])))
