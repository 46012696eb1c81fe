/** Errors in words: what happened and what to do, without a stack trace for what a user can mend. */
import { installCommand } from '../../config/this-package.ts';
import type { ShownError } from './command.ts';

const isShown = (error: Error): error is ShownError => 'exitCode' in error;

interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
  readonly port?: number;
}

const isSystemError = (error: Error): error is SystemError => 'syscall' in error && 'code' in error;

/** Names a missing package that the command needs, and the command that installs it. */
const missingPackage = (error: Error): string | undefined => {
  if (!('code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) return undefined;
  const name = /^Cannot find package '([^']+)'/.exec(error.message)?.[1] ?? '';
  const command = installCommand(name);
  return command && `This command needs the package ${name}, which is not installed. Run: ${command}`;
};

/** What the operating system refused. */
const systemRefusal = ({ code, syscall, path, port, message }: SystemError): string => {
  const file = path === undefined ? 'The file' : path;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port ?? ''} is in use by another program, perhaps another local run. End that one, or give another port; without a port option a free one is taken.`;
    case 'EACCES':
    case 'EPERM':
      return syscall === 'listen'
        ? `This user may not listen on port ${port ?? ''}. Give a port from 1024 on.`
        : `${file} may not be read or written by this user (${code}, ${syscall}).`;
    case 'ENOENT':
      return syscall.startsWith('spawn')
        ? `The program ${path ?? ''} is not installed or not in the PATH.`
        : `${file} does not exist.`;
    case 'EISDIR':
      return `${file} is a folder, where a file is needed.`;
    case 'ENOTDIR':
      return `${file} is below a file, where a folder is needed.`;
    case 'ENOSPC':
      return `The disk is full: ${file} could not be written. Make room and repeat the command.`;
    case 'EROFS':
      return `${file} lies on a disk that cannot be written to. Give another folder.`;
    default:
      return message;
  }
};

export interface ToldError {
  readonly exitCode: number;
  readonly message: string;
  readonly page?: string;
}

/** @returns undefined for an error of this program, which is shown with its stack trace */
export const toldError = (error: Error): ToldError | undefined => {
  const missing = missingPackage(error);
  if (missing !== undefined) return { exitCode: 1, message: missing };
  if (isShown(error))
    return {
      exitCode: error.exitCode,
      message: error.message,
      ...(error.page !== undefined && { page: error.page }),
    };
  return isSystemError(error) ? { exitCode: 1, message: systemRefusal(error) } : undefined;
};

/** The error with its causes and stack traces, for `--verbose`. */
export const wholeError = (error: Error): string => {
  const parts: string[] = [];
  for (let one: unknown = error; one instanceof Error && parts.length < 10; one = one.cause)
    parts.push(one.stack ?? `${one.name}: ${one.message}`);
  return parts.join('\ncaused by ');
};
