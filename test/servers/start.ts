/** The foreign servers as processes: each started with one defect or none, spoken to in lines, ended with its whole group. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import deepDefects from './deep-defects.json' with { type: 'json' };
import defects from './defects.json' with { type: 'json' };

export type Kind = 'matar-node' | 'matar-flask' | 'xerial-express';

export type ForeignServer = {
  /** `http://127.0.0.1:12345`, without a slash at its end. */
  readonly url: string;
  /** The oldest one-time password that was sent to this number and not asked for yet; waits for one. Matar only. */
  sms(phone: string): Promise<string>;
  /** Moves the server's clock on, or back. */
  moveClock(seconds: number): Promise<void>;
  /** A new session of this user: its refresh token. Xerial only. */
  session(user: string): Promise<string>;
  /** Ends the server, and all that it has started. Fails when it has complained. */
  stop(): Promise<void>;
};

// Where Debian's packages are; `python3` on the PATH may be another build without them.
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

const programs: Readonly<Record<Kind, readonly [command: string, file: URL]>> = {
  'matar-node': [process.execPath, new URL('./matar-node.mjs', import.meta.url)],
  'matar-flask': [python, new URL('./matar-flask.py', import.meta.url)],
  'xerial-express': [process.execPath, new URL('./xerial-express.mjs', import.meta.url)],
};

let flask: boolean | undefined;

/** What must be installed before a server can run here, in a sentence; undefined when nothing is missing. */
export function missing(kind: Kind): string | undefined {
  if (kind !== 'matar-flask') return undefined;
  flask ??= spawnSync(python, ['-c', 'import flask']).status === 0;
  return flask ? undefined : 'Flask is not installed; apt-get install python3-flask to run this test';
}

/** Waits until a server listens. `more` are further options of its command line, such as `--elsewhere URL`. */
export async function startServer(
  kind: Kind,
  defect?: string,
  more: readonly string[] = [],
): Promise<ForeignServer> {
  if (defect !== undefined && !knows(kind, defect)) throw new TypeError(`${kind} has no defect "${defect}"`);
  const [command, file] = programs[kind];
  const options = defect === undefined ? more : ['--defect', defect, ...more];
  const child = spawn(command, [fileURLToPath(file), ...options], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // a group of its own
  });
  child.stdin.on('error', () => {}); // it has ended, and whoever waits for a line is told so
  const lines = linesOf(child);
  const say = (line: string): void => void child.stdin.write(`${line}\n`);
  const [, url = ''] = await lines.take(/^listening (\S+)$/);
  return {
    url,
    async sms(phone) {
      const number = encodeURIComponent(phone).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const [, otp = ''] = await lines.take(new RegExp(`^sms ${number} (\\d+)$`));
      return otp;
    },
    async moveClock(seconds) {
      say(`clock ${seconds < 0 ? '' : '+'}${seconds}`);
      await lines.take(/^clock /);
    },
    async session(user) {
      say(`session ${user}`);
      const [, refreshToken = ''] = await lines.take(/^session (\S+)$/);
      return refreshToken;
    },
    stop: () => stop(child, lines.ended),
  };
}

function knows(kind: Kind, defect: string): boolean {
  const isThis = ({
    name,
    servers,
  }: {
    readonly name: string;
    readonly servers: readonly string[];
  }): boolean => name === defect && servers.includes(kind);
  return defects.some(isThis) || deepDefects.some(isThis);
}

type Lines = {
  /** The oldest line that matches and was not taken yet; waits for one. Fails when the process ends before. */
  take(pattern: RegExp): Promise<RegExpExecArray>;
  /** What the process has complained of, once it has ended. */
  readonly ended: Promise<string>;
};

function linesOf(child: ChildProcess): Lines {
  const untaken: string[] = [];
  const waiting = new Set<() => void>();
  let errors = '';
  let over = false;
  const look = (): void => {
    for (const each of waiting) each();
  };
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new TypeError('the process has no pipes');
  createInterface(stdout).on('line', (line) => {
    untaken.push(line);
    look();
  });
  stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = new Promise<string>((resolve) => {
    const end = (error?: unknown): void => {
      if (error instanceof Error) errors += error.message;
      over = true;
      look();
      resolve(errors);
    };
    child.once('error', end).once('close', () => end());
  });
  const take = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const attempt = (): void => {
        const index = untaken.findIndex((line) => pattern.test(line));
        const match = pattern.exec(untaken[index] ?? '');
        if (match === null && !over) return;
        waiting.delete(attempt);
        if (match === null) reject(new Error(`The server has ended without a line ${pattern}. ${errors}`));
        else {
          untaken.splice(index, 1);
          resolve(match);
        }
      };
      waiting.add(attempt);
      attempt();
    });
  return { take, ended };
}

/** Asks it to stop, and ends its group when it does not. */
async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  const { pid } = child;
  const kill = (): void => {
    if (pid === undefined) return; // it has never started, and -0 would be our own group
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left.
    }
  };
  const timer = setTimeout(kill, 3000);
  child.kill('SIGTERM');
  const errors = await ended;
  clearTimeout(timer);
  kill();
  if (errors !== '') throw new Error(`The server has complained: ${errors}`);
}
