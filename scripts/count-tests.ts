/* Prints "<passed> <failed>" of a vitest JSON report; exits 1 when there is none or no test ran. */
import { readFile } from 'node:fs/promises';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
}

const report = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Report;
if (report.numPassedTests + report.numFailedTests === 0) throw new Error('no test ran');
console.log(report.numPassedTests, report.numFailedTests);
