/** Files that the command line names, read as text. */

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ContractError } from '../openapi/contract-error.js';
import { displayName } from '../openapi/document/locate.js';
import { messageOf } from './failure.js';

/**
 * The text of a file.
 * @throws ContractError when it cannot be read; `fix` says what to do instead, without a full stop.
 */
export function readText(file: string, fix: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, whyUnreadable(error), fix);
  }
}

/**
 * Certificates as PEM.
 * @throws ContractError when the file cannot be read, or does not begin with one.
 */
export function readCertificates(file: string): string {
  const fix = 'Name a file of certificates in PEM with --ca';
  const text = readText(file, fix);
  try {
    new X509Certificate(text);
  } catch {
    throw unreadable(file, 'there is no certificate in it', fix);
  }
  return text;
}

function unreadable(file: string, what: string, fix: string): ContractError {
  const location = { file: displayName(file), line: 1, column: 1 };
  return new ContractError([{ code: 'unreadable', what, fix, location }]);
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'this is a folder',
    EACCES: 'it may not be read',
  };
  return known[code] ?? `it cannot be read: ${messageOf(error)}`;
}
