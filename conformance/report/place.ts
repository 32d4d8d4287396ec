/** Where a contract's file is for those who read a report elsewhere: seen from the root of the repository. */

import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The folder that code hosts count paths from: the checked-out repository in a job of GitHub Actions, else where we are. */
export function repositoryRoot(environment: NodeJS.ProcessEnv = process.env): string {
  const workspace = environment.GITHUB_WORKSPACE;
  return workspace === undefined || workspace === '' ? process.cwd() : workspace;
}

/** The path of a file from the root, with `/` between its parts; the whole path when it is elsewhere. */
export function pathFrom(root: string, file: string): string {
  if (isRemote(file)) return file;
  const absolute = resolve(file);
  const path = relative(root, absolute);
  const isElsewhere = path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
  return (isElsewhere ? absolute : path).split(sep).join('/');
}

/** The same as a URI reference (RFC 3986, section 4.1). */
export function uriFrom(root: string, file: string): string {
  const path = pathFrom(root, file);
  if (isRemote(path)) return new URL(path).href;
  if (isAbsolute(path)) return pathToFileURL(path).href;
  const wellFormed = path.replace(/\p{Cs}/gu, '\ufffd');
  return wellFormed.split('/').map(encodeURIComponent).join('/');
}

function isRemote(file: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(file);
}
