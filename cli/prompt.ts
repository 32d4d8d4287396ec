/** Questions to a person at a terminal. */

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Prompt } from '../conformance/input.js';
import { visible } from './terminal.js';

/** Asks at the terminal; undefined when there is none to ask at. What is secret is not shown while it is typed. */
export function terminalPrompt(): Prompt | undefined {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return undefined;
  return async (question, secret) => {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    stderr.write(`\r\u001b[K${visible(question)}: `);
    const lines = createInterface({ input: stdin, output: secret ? silent : stderr, terminal: true });
    try {
      return await new Promise<string | undefined>((resolve) => {
        lines.once('line', resolve);
        lines.once('close', () => resolve(undefined));
        lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      });
    } finally {
      lines.close();
      if (secret) stderr.write('\n');
    }
  };
}
