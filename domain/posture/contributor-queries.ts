import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import { counted, severeCvss } from './posture-queries.js';
import type { PostureContributors } from './posture.js';

const most = 5;

/** What pulls the score down most. Only what counts in the score is named here. */
export async function readContributors(trx: Trx): Promise<PostureContributors> {
  const devices = await worstDevices(trx);
  const vulnerabilities = await worstVulnerabilities(trx);
  const rules = await mostFailedRules(trx);
  return { devices, vulnerabilities, rules };
}

function worstDevices(trx: Trx) {
  return query<PostureContributors['devices'][number]>(
    trx,
    `select id, device_name as name, risk_score as "riskScore" from edr_devices d
     where tenant_id = ? and risk_score > 0 and ${counted('d')} order by risk_score desc, id limit ${most}`,
    [trx.tenantId],
  );
}

/** By CVSS times the devices that have it. */
function worstVulnerabilities(trx: Trx) {
  return query<PostureContributors['vulnerabilities'][number]>(
    trx,
    `select v.cve_id as "cveId", v.cvss_score::float8 as cvss, n.devices as "deviceCount"
     from edr_vulnerabilities v cross join lateral (
       select count(*)::int as devices from edr_device_vulnerabilities l
       join edr_devices d on d.tenant_id = l.tenant_id and d.id = l.device_id
       where l.tenant_id = v.tenant_id and l.vulnerability_id = v.id and ${counted('d')}) n
     where v.tenant_id = ? and v.cvss_score >= ${severeCvss} and n.devices > 0
     order by v.cvss_score * n.devices desc, v.cve_id limit ${most}`,
    [trx.tenantId],
  );
}

/** A rule that several policies have is one rule of a device. */
function mostFailedRules(trx: Trx) {
  return query<PostureContributors['rules'][number]>(
    trx,
    `select f.rule, count(distinct c.device_id)::int as "deviceCount"
     from edr_compliance c join edr_devices d on d.tenant_id = c.tenant_id and d.id = c.device_id
     cross join lateral jsonb_array_elements(case jsonb_typeof(c.failed_rules) when 'array' then c.failed_rules else '[]' end) r (value)
     cross join lateral (select case jsonb_typeof(r.value) when 'object' then r.value ->> 'rule' else r.value #>> '{}' end as rule) f
     where c.tenant_id = ? and f.rule is not null and ${counted('d')}
     group by f.rule order by count(distinct c.device_id) desc, f.rule limit ${most}`,
    [trx.tenantId],
  );
}
