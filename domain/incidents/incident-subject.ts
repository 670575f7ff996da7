import { memberName } from '../access/member-store.js';
import type { Subject } from '../change.js';
import { either, incidentName, incidentStateWords, nextForIncident } from '../names.js';
import { sentences } from '../sentences.js';
import type { Incident, IncidentView } from './incident.js';
import { lockIncident, saveIncident } from './incident-store.js';
import { readIncidentView } from './incident-view-queries.js';
import type { IncidentVerb } from './life-cycle.js';
import { harmlessAgain, incidentMove, incidentStatesFor } from './life-cycle.js';

export const incidentSubject: Subject<Incident, IncidentView, IncidentVerb> = {
  type: 'incident',
  capabilities: {
    'incident.start': 'incident.work',
    'incident.resolve': 'incident.work',
    'incident.dismiss': 'incident.work',
    'incident.reopen': 'incident.reopen',
    'incident.handOver': 'assign',
    'incident.linkAlert': 'incident.link',
  },
  lock: lockIncident,
  stateFault(verb, incident) {
    if (incidentMove(verb, incident.status)) return null;
    const needed = either(incidentStatesFor(verb).map((status) => incidentStateWords[status]));
    return sentences.wrongState(
      incidentName(incident.number),
      incidentStateWords[incident.status],
      needed,
      nextForIncident[incident.status],
    );
  },
  isSettled: (verb, incident) => harmlessAgain[verb] === incident.status,
  ownerOf: (_verb, incident) => incident.ownerId,
  notOwner: async (trx, _verb, incident, owner) =>
    sentences.onlyOwner(await memberName(trx, owner), incidentName(incident.number)),
  save: saveIncident,
  view: readIncidentView,
};
