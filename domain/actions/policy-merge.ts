const object = (json: string) => `case jsonb_typeof(${json}) when 'object' then ${json} else '{}' end`;

/** The settings of a tenant with some of its rules for actions set, which are bound as JSON; what else stands there is kept. */
export const mergedActions = `jsonb_set(${object('settings')}, '{actions}', ${object("settings -> 'actions'")} || ?::jsonb)`;
