/** JSON text laid out in lines, nothing but its white space changed: duplicate names, numbers and escapes stay. */

import { pointerTo } from '../../openapi/json.js';

/** A line, and the JSON Pointers of the values that begin on it. */
export type JsonLine = { readonly text: string; readonly pointers: readonly string[] };

type Frame = { readonly pointer: string; readonly kind: 'object' | 'array'; index: number; name: string };

const token = /\s*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+)/gsy;
const deepest = 100;

/** The text in lines, two spaces a level; undefined when it cannot be taken apart. It is not validated. */
export function jsonLayout(text: string): readonly JsonLine[] | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  const lines: JsonLine[] = [];
  const frames: Frame[] = [];
  let line = '';
  let pointers: string[] = [];
  let isName = false;
  const end = (): void => {
    lines.push({ text: line, pointers });
    line = '  '.repeat(frames.length);
    pointers = [];
  };
  const value = (): string => {
    const frame = frames.at(-1);
    const pointer =
      frame === undefined ? '' : pointerTo(frame.pointer, frame.kind === 'array' ? frame.index : frame.name);
    pointers.push(pointer);
    return pointer;
  };
  for (const [at, part] of tokens.entries()) {
    const frame = frames.at(-1);
    if (part === '{' || part === '[') {
      const pointer = value();
      line += part;
      const closing = part === '{' ? '}' : ']';
      const isEmpty = tokens[at + 1] === closing;
      frames.push({ pointer, kind: part === '{' ? 'object' : 'array', index: 0, name: '' });
      if (frames.length > deepest) return undefined;
      isName = part === '{';
      if (!isEmpty) end();
    } else if (part === '}' || part === ']') {
      if (frames.pop() === undefined) return undefined;
      if (!/[{[]$/.test(line) || line.trim() === '') end();
      line += part;
    } else if (part === ',') {
      line += part;
      if (frame !== undefined) frame.index += 1;
      isName = frame?.kind === 'object';
      end();
    } else if (part === ':') {
      line += ': ';
      isName = false;
    } else if (isName && frame !== undefined) {
      frame.name = nameOf(part);
      line += part;
    } else {
      value();
      line += part;
    }
  }
  end();
  return frames.length === 0 ? lines : undefined;
}

/** Whether JSON text has no white space between its tokens: what is laid out then tells how it was sent. */
export function isCompact(text: string): boolean {
  return tokensOf(text)?.join('') === text;
}

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    tokens.push(match[1] ?? '');
    end = match.index + match[0].length;
  }
  return text.slice(end).trim() === '' && tokens.length > 0 ? tokens : undefined;
}

function nameOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
