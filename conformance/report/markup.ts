/** Markup that is safe by how it is made: every text put into it is masked and escaped first. */

import type { Mask } from '../event.js';

/** A piece of HTML that this module has made. */
export type Markup = { readonly markup: string };

/** What can be put into markup. Numbers and markup stand as they are; `undefined` and `false` leave nothing. */
type Part = string | number | undefined | false | Markup | readonly Part[];

/** A tag for templates. Texts from outside stand between elements or in quoted attributes, nowhere else. */
export type Html = (template: TemplateStringsArray, ...parts: readonly Part[]) => Markup;

/** Makes the tag for a report: it masks and escapes every text that is put in. */
export function createHtml(mask: Mask): Html {
  const textOf = (part: Part): string => {
    if (part === undefined || part === false) return '';
    if (typeof part === 'number') return String(part);
    if (typeof part === 'string') return escaped(mask(part));
    return 'markup' in part ? part.markup : part.map(textOf).join('');
  };
  return (template, ...parts) => ({
    markup: template.reduce((done, text, index) => `${done}${textOf(parts[index - 1])}${text}`),
  });
}

const references: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for element content and quoted attribute values (HTML, section 13.3). */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => references[character] ?? '');
}

// What has no shape of its own: controls, separators, what changes the direction of writing, unpaired surrogates.
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * A text with all that could not be seen made visible: by its short name, or its code. With `lines`, ends of lines also end
 * lines here, and tabs are tabs. Masks stand out, so that the same secret can be followed.
 */
export function seen(html: Html, text: string, lines = false): Markup {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(special)) {
    const character = match[0];
    if (lines && (character === '\n' || character === '\t')) continue;
    parts.push(text.slice(end, match.index));
    if (character.startsWith('masked-')) parts.push(html`<span class="masked">${character}</span>`);
    else {
      const code = character.codePointAt(0) ?? 0;
      parts.push(
        html`<span class="unseen" title="${codeText(code)}">${shortNames[code] ?? codeText(code)}</span>`,
      );
    }
    end = match.index + character.length;
  }
  parts.push(text.slice(end));
  return html`${parts}`;
}

const special = new RegExp(
  `\\bmasked-[a-z\\d][a-z\\d-]{0,50}-\\d+(?:-payload|-signature)?\\b|${unseen.source}`,
  'gu',
);

/** The names that are known better than their codes (Unicode, section 23.1). No font need have pictures of them. */
const shortNames: { readonly [code: number]: string } = {
  0: 'NUL',
  9: 'TAB',
  10: 'LF',
  13: 'CR',
  27: 'ESC',
  127: 'DEL',
  65279: 'BOM',
};

function codeText(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
