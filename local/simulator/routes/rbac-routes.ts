import { badRequest } from '../http/errors.ts';
import { ok } from '../http/reply.ts';
import { instanceRoutes, type Route } from '../http/route.ts';
import type { Instance } from '../world/instance.ts';
import { type Assignment, roleDefinitions, roles } from '../world/principals.ts';
import { enumValue, objectBody, textField, textList } from './body.ts';

const errors = '401 500 503';

const assignmentInfo = (instance: Instance, assignment: Assignment) => ({
  principalId: assignment.principalId,
  principalType: assignment.principalType,
  roles: [assignment.role],
  instanceId: instance.id,
});

export const rbacRoutes: readonly Route[] = [
  ...instanceRoutes('GET rbac/myrole', 'Get-current-user-role', 'read', errors, ({ instance, principal }) => {
    const own = principal.ids.map((id) => instance.assignments.get(id)).find((one) => one !== undefined);
    return ok(own === undefined ? {} : assignmentInfo(instance, own));
  }),
  ...instanceRoutes('GET rbac/roles', 'Get-all-roles', 'read', errors, () => ok(roleDefinitions)),
  ...instanceRoutes('GET rbac/assignments', 'Get-all-role-assignments', 'read', errors, ({ instance }) =>
    ok([...instance.assignments.values()].map((assignment) => assignmentInfo(instance, assignment))),
  ),
  ...instanceRoutes(
    'PUT rbac/principals/{principalId}/assignment',
    'Set-role-assignment',
    'settings',
    errors,
    ({ instance, parameters, body }) => {
      const given = objectBody(body);
      const principalId = parameters.principalId ?? '';
      const role = textList(given.roles, 'roles').map((name) => enumValue(name, roles))[0];
      if (role === undefined) throw badRequest(`"roles" must name one of ${roles.join(', ')}`);
      const types: readonly Assignment['principalType'][] = ['user', 'group', 'app'];
      const principalType = enumValue(textField(given, 'principalType') ?? 'user', types) ?? 'user';
      instance.assignments.set(principalId, { principalId, principalType, role });
      return ok([...instance.assignments.values()].map((one) => assignmentInfo(instance, one)));
    },
  ),
  ...instanceRoutes(
    'DELETE rbac/principals/{principalId}/assignment',
    'Delete-role-assignment',
    'settings',
    errors,
    ({ instance, parameters }) => {
      instance.assignments.delete(parameters.principalId ?? '');
      return { status: 200 };
    },
  ),
];
