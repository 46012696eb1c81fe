/** Method and path of each operation of the console, which the build takes from the contract. */
declare module 'console:routes' {
  export const routes: Readonly<
    Record<
      import('../connector/contract/index.ts').OperationIdOf<'console' | 'resend'>,
      readonly [method: string, path: string]
    >
  >;
}

declare module '*.css';
