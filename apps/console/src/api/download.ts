import { bearerRefused, bearerToken } from '../session/bearer.ts';
import { RefusedCall, refusalOf, unreachable } from './refused-call.ts';

/** What is fetched to be kept. */
export interface Download {
  /** With its query. */
  path: string;
  /** What the file is called where the gateway names none. */
  name: string;
  /** Told the bytes that have come. */
  onProgress?: (bytes: number) => void;
  signal?: AbortSignal;
  /** Text in the last part of a whole answer: what does not have it was broken off. */
  endsWith?: string;
}

const TAIL = 8_192;

/**
 * Fetches a file as whoever is signed in, and gives it to the browser to keep.
 *
 * @throws RefusedCall when it is refused, cannot be had, or breaks off
 */
export async function download({ path, name, onProgress, signal, endsWith }: Download): Promise<void> {
  const token = bearerToken();
  const response = await fetch(path, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(signal === undefined ? {} : { signal }),
  }).catch(refuseUnlessGivenUp);
  if (!response.ok) {
    if (response.status === 401) bearerRefused();
    throw await refusalOf(response);
  }
  const file = await readWhole(response, onProgress).catch(refuseUnlessGivenUp);
  if (endsWith !== undefined && !(await file.slice(-TAIL).text()).includes(endsWith)) throw brokenOff();
  keep(file, nameIn(response.headers.get('content-disposition')) ?? name);
}

async function readWhole(response: Response, onProgress: ((bytes: number) => void) | undefined): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    bytes += value.byteLength;
    onProgress?.(bytes);
  }
  return new Blob(pieces, { type: response.headers.get('content-type') ?? 'application/octet-stream' });
}

function keep(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of it once the click is over.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function nameIn(disposition: string | null): string | undefined {
  return /filename="([^"\\/]+)"/.exec(disposition ?? '')?.[1];
}

function refuseUnlessGivenUp(error: unknown): never {
  if (error instanceof DOMException && error.name === 'AbortError') throw error;
  throw unreachable();
}

function brokenOff(): RefusedCall {
  return new RefusedCall('unreachable', undefined, {
    zh: '下载中断，文件不完整，未保存；请重试或缩小范围',
    en: 'The download broke off and is not whole; nothing was saved. Try again, or ask for less.',
  });
}
