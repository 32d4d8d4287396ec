/**
 * The session calls of a shipped API as a contract of their own: the servers of test/servers speak no more than these. It is
 * made of the shipped documents, so that the facts stand in one place.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { asObject, isObject, type Json, type JsonObject } from '../../openapi/json.js';

type Api = 'matar' | 'xerial';

const operations: Readonly<Record<Api, readonly string[]>> = {
  matar: ['login', 'getCurrentUser', 'logout'],
  xerial: ['logout', 'refreshTokens'],
};

const written = new Map<Api, Promise<string>>();

/** The path of the document; its authored workflows, those that call nothing else, are beside it. */
export function sessionCalls(api: Api): Promise<string> {
  const before = written.get(api) ?? write(api);
  written.set(api, before);
  return before;
}

async function write(api: Api): Promise<string> {
  const outer = mkdtempSync(path.join(tmpdir(), 'counterfoil-session-calls-'));
  process.once('exit', () => rmSync(outer, { recursive: true, force: true }));
  const folder = path.join(outer, api); // a contract has the name of its folder
  await mkdir(folder);
  const kept = new Set(operations[api]);
  const isKept = (call: unknown): boolean => kept.has(String(asObject(call as Json).operationId));

  const contract = await read(api, 'openapi.yaml');
  const paths = Object.entries(asObject(contract.paths)).flatMap(([at, item]) => {
    const members = Object.entries(asObject(item));
    const calls = members.filter(([, member]) => isObject(member));
    const others = calls.filter(([, call]) => !isKept(call));
    const left = Object.fromEntries(members.filter((member) => !others.includes(member)));
    return others.length === calls.length ? [] : [[at, left] as const];
  });
  const workflows = await read(api, 'workflows.arazzo.yaml');
  const list = asArray(workflows.workflows).filter((each) => asArray(asObject(each).steps).every(isKept));
  const parts = {
    'openapi.yaml': { ...contract, paths: Object.fromEntries(paths) },
    'workflows.arazzo.yaml': { ...workflows, workflows: list },
  };
  for (const [name, part] of Object.entries(parts))
    await writeFile(path.join(folder, name), stringify(part, { aliasDuplicateObjects: false }));
  return path.join(folder, 'openapi.yaml');
}

async function read(api: Api, name: string): Promise<JsonObject> {
  return asObject(parse(await readFile(new URL(`../../openapi/${api}/${name}`, import.meta.url), 'utf8')));
}

function asArray(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
