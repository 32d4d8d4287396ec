/** Small files of well-known media types, for content that is described as octets and nothing else. */

import { parseMediaType } from './media-type.js';

const encoder = new TextEncoder();
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** Each the least that programs take for a file of its type: an image of one pixel, a page without anything on it. */
const samples: Readonly<Record<string, () => Uint8Array>> = {
  'image/png': () =>
    fromBase64(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    ),
  'image/gif': () => fromBase64('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'),
  'application/pdf': () => encoder.encode(pdf()),
  'application/zip': () => fromBase64('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=='),
  'application/gzip': () => fromBase64('H4sIAAAAAAAAAwMAAAAAAAAAAAA='),
  'audio/wav': () => fromBase64('UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='),
};

/** A PDF of one empty page (ISO 32000-1, 7.5), its cross-reference table telling where each object begins. */
function pdf(): string {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>',
  ];
  let text = '%PDF-1.4\n';
  const starts = objects.map((object, index) => {
    const start = text.length;
    text += `${index + 1} 0 obj${object}endobj\n`;
    return `${String(start).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${starts.join('')}`;
  return `${text}${table}trailer<</Size ${size}/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF\n`;
}

/** The octets of a sample of this type; undefined where only the type's owner could make one. */
export function sampleBytes(mediaType: string): Uint8Array | undefined {
  const parsed = parseMediaType(mediaType);
  return parsed && samples[`${parsed.type}/${parsed.subtype.replace(/^x-/, '')}`]?.();
}

const extensions: Readonly<Record<string, string>> = {
  'octet-stream': 'bin',
  plain: 'txt',
  jpeg: 'jpg',
  mpeg: 'mp3',
  gzip: 'gz',
  'svg+xml': 'svg',
  'vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'vnd.ms-excel': 'xls',
};

/** The name that a file of this type would have. */
export function sampleFileName(mediaType: string): string {
  const subtype = parseMediaType(mediaType)?.subtype.replace(/^x-/, '') ?? 'octet-stream';
  return `file.${extensions[subtype] ?? (/^[a-z0-9]{2,5}$/.test(subtype) ? subtype : 'bin')}`;
}
