export const roles = ['Viewer', 'Contributor', 'Admin'] as const;
export type Role = (typeof roles)[number];

/** A user or app that was given a role in an instance (Settings > Permissions). */
export interface Assignment {
  /** Object id of the user or of the app's service principal; the app's client id is accepted too. */
  readonly principalId: string;
  readonly principalType: 'user' | 'group' | 'app';
  readonly role: Role;
}

/** The roles of an instance that is started without its own list. */
export const defaultAssignments: readonly Assignment[] = [
  { principalId: '00000000-0000-4000-8000-0000000000a1', principalType: 'user', role: 'Admin' },
  { principalId: '00000000-0000-4000-8000-0000000000c1', principalType: 'user', role: 'Contributor' },
  { principalId: '00000000-0000-4000-8000-0000000000e1', principalType: 'user', role: 'Viewer' },
  { principalId: '00000000-0000-4000-8000-0000000000f1', principalType: 'app', role: 'Viewer' },
];

export const roleDefinitions = [
  { roleName: 'Viewer', description: 'Sees everything and changes nothing' },
  { roleName: 'Contributor', description: 'Also writes rows, runs refreshes, edits segments and measures' },
  { roleName: 'Admin', description: 'May do everything' },
] as const satisfies readonly { roleName: Role; description: string }[];

export const reaches = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);
