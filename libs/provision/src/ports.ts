import { createServer } from 'node:net';
import type { LocalizedText } from '@clearance/contracts';
import { codeOf } from './private-files.ts';
import { ProvisionFault } from './provision-fault.ts';

const HOST = '127.0.0.1';

/** A port of the loopback interface that is free now. Another process may take it before its use: try again then. */
export function freePort(): Promise<number> {
  return listenOnce(0);
}

/**
 * Makes sure that a server can have its port.
 * @param variable the environment variable that changes this port
 * @throws ProvisionFault `port-taken`, naming the variable
 */
export async function requirePort(port: number, title: LocalizedText, variable: string): Promise<void> {
  try {
    await listenOnce(port);
  } catch (error) {
    const denied = codeOf(error) === 'EACCES';
    throw new ProvisionFault('port-taken', {
      zh: `${title.zh}的端口 ${port} ${denied ? '无权使用' : '已被占用'}。请停止占用它的程序，或用环境变量 ${variable} 指定另一端口。`,
      en: `Port ${port} of ${title.en} is ${denied ? 'not permitted' : 'taken'}. Stop the program that has it, or choose another with the environment variable ${variable}.`,
    });
  }
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: HOST, exclusive: true }, () => {
      const address = server.address();
      const got = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(got));
    });
  });
}
