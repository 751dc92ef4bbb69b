import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';

const SAY_EVERY_MS = 5_000;
const NEWLINE = 0x0a;

/**
 * Writes an answer into a file, which is there when all of it is.
 *
 * @throws when the answer breaks off, or the file cannot be written; then there is no file
 */
export async function saveAnswer(
  response: Response,
  file: string,
): Promise<{ bytes: number; lines: number; end: string }> {
  const part = `${file}.part`;
  const out = createWriteStream(part, { mode: 0o600 });
  let said = performance.now();
  let [bytes, lines] = [0, 0];
  let end: Buffer = Buffer.alloc(0);
  try {
    await once(out, 'open');
    for await (const chunk of response.body ?? []) {
      const piece = Buffer.from(chunk as Uint8Array);
      bytes += piece.length;
      for (const byte of piece) if (byte === NEWLINE) lines += 1;
      end = lastLine(end, piece);
      if (!out.write(piece)) await once(out, 'drain');
      if (performance.now() - said < SAY_EVERY_MS) continue;
      said = performance.now();
      process.stderr.write(`    ${lines} 行 lines, ${(bytes / 1024 ** 2).toFixed(1)} MiB\n`);
    }
    out.end();
    await finished(out);
    await rename(part, file);
  } catch (error) {
    out.destroy();
    await rm(part, { force: true });
    throw new Error(`${file}: 导出中断 the export broke off: ${(error as Error).message}`, { cause: error });
  }
  return { bytes, lines, end: end.toString('utf8').trim() };
}

/** The last line of what has come so far, whether or not it is all there yet. */
function lastLine(before: Buffer, piece: Buffer): Buffer {
  const all = Buffer.concat([before, piece]);
  const newline = all.lastIndexOf(NEWLINE, all.length - 2);
  return newline === -1 ? all : all.subarray(newline + 1);
}
