/** `counterfoil describe`: the ledger of a contract, as a page of Markdown or as JSON. */

import { type Command, Option } from 'commander';
import { contractCommand } from './options.js';
import { type ReadingFlags, readingOptions } from './reading.js';

type DescribeFlags = ReadingFlags & { readonly json?: boolean; readonly output?: string };

const examples = `
Examples:
  counterfoil describe matar                       what the contract says, and what each statement rests on
  counterfoil describe matar --output matar.md     the same in a file, for a wiki or a review
  counterfoil describe ./openapi.yaml --json       as data, for your own tools`;

/** Adds the command to the program. */
export function addDescribeCommand(program: Command, epilogue: string): void {
  const about = {
    name: 'describe',
    summary: 'tell what a contract says, and what it rests on',
    description:
      'Tells what a contract says: every operation, response, example and state rule with the page that it comes from; what is inferred and why; how contradictions were decided; what could not be seen.',
    after: `${examples}\n${epilogue}`,
  };
  const options = [
    new Option('--json', 'as JSON instead of Markdown'),
    new Option('--output <file>', 'write it to a file'),
    ...readingOptions(),
  ];
  contractCommand(program, about, options).action(async (api: string, flags: DescribeFlags) => {
    const { describedText } = await import('./run-describe.js');
    const text = await describedText(api, flags);
    if (flags.output === undefined) process.stdout.write(text);
    else {
      const { writeWhole } = await import('./check-reports.js');
      writeWhole(flags.output, text);
    }
  });
}
