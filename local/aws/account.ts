/** Where the emulated resources live; part of every ARN. */
export interface Account {
  readonly region: string;
  /** Twelve digits. */
  readonly id: string;
}

export const localAccount: Account = { region: 'eu-west-1', id: '000000000000' };
