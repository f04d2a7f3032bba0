/*
 * Prints "<passed> <failed>" of a vitest JSON report, and on stderr every test that failed with the start of its message, so that the
 * end of a long log says which. Exits 1 when there is no report or no test ran.
 */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const LINES_OF_MESSAGE = 12;

const report = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Report;
if (report.numPassedTests + report.numFailedTests === 0) throw new Error('no test ran');
for (const file of report.testResults) {
  const path = relative(process.cwd(), file.name);
  if (file.status === 'failed' && file.message !== '') tell(path, file.message);
  for (const test of file.assertionResults) {
    if (test.status === 'failed') tell(`${path} > ${test.fullName}`, test.failureMessages.join('\n'));
  }
}
console.log(report.numPassedTests, report.numFailedTests);

function tell(what: string, message: string): void {
  const start = message.split('\n').slice(0, LINES_OF_MESSAGE);
  console.error([`FAILED: ${what}`, ...start].join('\n  '));
}
