/**
 * Whether a word can be found anywhere in an SD-JWT (RFC 9901): as it stands, in what any of its parts encode, or as a piece of
 * base64url at any of the three alignments that it may have in a longer text.
 */
export function mentions(token: string, word: string): boolean {
  if (token.includes(word)) return true;
  const parts = token.split(/[~.]/);
  if (parts.some((part) => Buffer.from(part, 'base64url').toString('utf8').includes(word))) return true;
  return encodedForms(word).some((form) => token.includes(form));
}

/** The characters of base64url that the word alone determines, for each number of bytes (modulo 3) before it. */
function encodedForms(word: string): string[] {
  const bytes = Buffer.from(word, 'utf8');
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor(((before + bytes.length) * 8) / 6);
    const form = encoded.slice(first, last);
    // Anything shorter is found by chance.
    return form.length >= 6 ? [form] : [];
  });
}
