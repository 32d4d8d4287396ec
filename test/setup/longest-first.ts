/** The order of the test files: those that take longest begin, so that none of them is left when all others are done. */

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Measured; a file that is not there any more does no harm. */
const longest = [
  'test/readme.test.ts',
  'test/contracts/whole-check.test.ts',
  'test/foreign/foreign-check.test.ts',
  'test/conformance/compare.test.ts',
  'test/conformance/proxy-findings.test.ts',
  'test/conformance/correct-servers.test.ts',
  'test/servers/findings-elsewhere.test.ts',
  'test/conformance/run.test.ts',
  'test/conformance/foreign-servers.test.ts',
  'test/consumer.test.ts',
  'test/servers/servers.test.ts',
  'test/cli/compare.test.ts',
  'test/conformance/compare-defects.test.ts',
  'test/conformance/report-html.test.ts',
  'test/servers/conformance.test.ts',
  'test/conformance/plan/plan.test.ts',
  'test/conformance/plan/walks.test.ts',
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = longest.findIndex((file) => moduleId.endsWith(`/${file}`));
  return rank === -1 ? longest.length : rank;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
