/** The modules that the build makes from the contract; see validation.ts. */

declare module 'validators:subscriptions' {
  export const validators: import('./validation.ts').FunctionValidators<'subscriptions'>;
}

declare module 'validators:proxy' {
  export const validators: import('./validation.ts').FunctionValidators<'proxy'>;
}

declare module 'validators:console' {
  export const validators: import('./validation.ts').FunctionValidators<'console'>;
}

declare module 'validators:resend' {
  export const validators: import('./validation.ts').FunctionValidators<'resend'>;
}
