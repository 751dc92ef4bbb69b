import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Sees to it that a server does not outlive this process, even one ended by SIGKILL: a shell waits on a pipe that only this
 * process holds open, and ends the server when the pipe closes. The shell is in a group of its own, so Ctrl-C passes it by.
 * @returns ends the watch; to be called as soon as the server has ended, since its process id may be given anew
 */
export function watchParent(pid: number): () => void {
  const shell = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1" 2>/dev/null', 'sh', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return () => {
    shell.kill('SIGKILL');
  };
}
