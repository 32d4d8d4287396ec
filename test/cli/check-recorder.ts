/** A foreign server as a process whose text messages a command can read, with all secrets that it has given out. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type RecordedServer = {
  readonly url: string;
  /** A command for `--input-command`: the latest OTP that was sent to a phone number. It notes each use. */
  readonly otpCommand: string;
  /** The numbers that OTPs were asked for, in order. */
  asked(): readonly string[];
  /** Every OTP that was sent, and every token that was given out or sent in. */
  secrets(): readonly string[];
  stop(): Promise<void>;
};

/** Starts matar-node; between it and the check everything is passed on, and looked at. */
export async function recordedServer(kind: 'matar-node', defect?: string): Promise<RecordedServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-'));
  const log = path.join(folder, 'log');
  const output = openSync(log, 'w');
  const child = spawn(
    process.execPath,
    [`test/servers/${kind}.mjs`, ...(defect === undefined ? [] : ['--defect', defect])],
    { stdio: ['pipe', output, 'inherit'] },
  );
  closeSync(output);
  const command = path.join(folder, 'otp.sh');
  writeFileSync(
    command,
    `echo "$1" >> '${folder}/asked'\ngrep -F "sms $1 " '${log}' | tail -n 1 | cut -d ' ' -f 3\n`,
  );
  const behind = await listening(log, child);
  const tokens = new Set<string>();
  const look = (text: string): void => {
    for (const [token] of text.matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g)) tokens.add(token);
  };
  const front = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = 'GET', url = '', headers } = request;
    const authorization = headers.authorization ?? '';
    look(authorization);
    const { host: _host, connection: _connection, 'content-length': _length, ...fields } = headers;
    const answer = await fetch(`${behind}${url}`, {
      method,
      headers: Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
      ...(chunks.length > 0 && method !== 'GET' && method !== 'HEAD' && { body: Buffer.concat(chunks) }),
    });
    const content = Buffer.from(await answer.arrayBuffer());
    look(content.toString());
    const dropped = /^(connection|keep-alive|transfer-encoding|date)$/;
    response.writeHead(answer.status, [...answer.headers].filter(([name]) => !dropped.test(name)).flat());
    response.end(content);
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    otpCommand: `sh ${command} {phone_number}`,
    asked: () => linesOf(path.join(folder, 'asked')),
    secrets: () => [
      ...new Set(linesOf(log).flatMap((line) => /^sms \S+ (\d+)$/.exec(line)?.[1] ?? [])),
      ...tokens,
    ],
    async stop() {
      front.closeAllConnections();
      front.close();
      child.kill();
      if (child.exitCode === null) await once(child, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(log: string, child: ChildProcess): Promise<string> {
  for (;;) {
    const [, url] = linesOf(log).flatMap((line) => /^listening (\S+)$/.exec(line) ?? []);
    if (url !== undefined) return url;
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}
