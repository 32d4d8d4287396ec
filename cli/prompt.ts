/** Questions to a person at a terminal. */

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Prompt } from '../conformance/input/input.js';
import { visible } from '../conformance/report/text.js';

/** Asks at the terminal; undefined when there is none to ask at. What is secret is not shown while it is typed. */
export function terminalPrompt(): Prompt | undefined {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return undefined;
  return async (question, secret, signal) => {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: stdin, output: secret ? silent : stderr, terminal: true });
    // Asked only now: before, the terminal itself would show what is typed.
    stderr.write(`\r\u001b[K${visible(question)}: `);
    const close = (): void => lines.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      return await new Promise<string | undefined>((resolve) => {
        lines.once('line', resolve);
        lines.once('close', () => resolve(undefined));
        // The terminal sends no signal while a line is edited; at once, so that nothing else is asked or sent.
        lines.once('SIGINT', () => process.emit('SIGINT'));
      });
    } finally {
      signal.removeEventListener('abort', close);
      lines.close();
      if (secret || signal.aborted) stderr.write('\n');
    }
  };
}
