import type { AccessScope, UnitId } from '@clearance/contracts';
import { crew, examination } from '../example-results.fixture.ts';
import { type GrantedVersion, isAbout } from './grant-covers.ts';

const RESULT = '019aa3f2-8d02-7b31-8a44-0c9e5d1f7a22';
const ANOTHER = '019aa3f2-8d02-7b31-8a44-0c9e5d1f7a23';

const version: GrantedVersion = {
  issuer: 'ln.customs',
  kind: 'customs.examination',
  resultId: RESULT,
  version: 2,
  issuedAt: '2026-11-21T03:20:00.000Z',
  content: examination({}, { transportDocument: 'COSU6123456780' }),
};
const query = (more: object = {}): AccessScope =>
  ({ issuer: 'ln.customs', kinds: ['customs.examination'], since: '2026-11-01T00:00:00+08:00', ...more }) as never;

describe('授权是否及于某一版本 whether a grant is about a version', () => {
  it.each<[string, AccessScope, boolean]>([
    ['该结果的任何版本', { issuer: 'ln.customs', resultId: RESULT }, true],
    ['该版本', { issuer: 'ln.customs', resultId: RESULT, version: 2 }, true],
    ['同一结果的另一版本', { issuer: 'ln.customs', resultId: RESULT, version: 1 }, false],
    ['另一结果', { issuer: 'ln.customs', resultId: ANOTHER }, false],
    ['同号，但签发单位不同', { issuer: 'hl.customs', resultId: RESULT }, false],
    ['该单位该种类自某时起', query(), true],
    ['多个种类之一', query({ kinds: ['customs.scan', 'customs.examination'] }), true],
    ['别的种类', query({ kinds: ['customs.scan'] }), false],
    ['别的单位', query({ issuer: 'jl.customs' }), false],
    ['恰自签发之时起', query({ since: '2026-11-21T11:20:00.000+08:00' }), true],
    ['签发之后一毫秒起', query({ since: '2026-11-21T03:20:00.001Z' }), false],
    ['所载集装箱', query({ container: 'CSQU3054383' }), true],
    ['未载的集装箱', query({ container: 'TEMU1234565' }), false],
    ['报关单号', query({ declarationNumber: '090220261000000123' }), true],
    ['别的报关单号', query({ declarationNumber: '090220261000000124' }), false],
    ['提单号', query({ transportDocument: 'COSU6123456780' }), true],
    ['别的提单号', query({ transportDocument: 'COSU6123456781' }), false],
    ['各项须同时相符', query({ container: 'CSQU3054383', declarationNumber: '090220261000000124' }), false],
    ['各项同时相符', query({ container: 'CSQU3054383', declarationNumber: '090220261000000123' }), true],
  ])('%s', (_, about, expected) => {
    expect(isAbout(about, version)).toBe(expected);
  });

  const issuedBy = (issuer: UnitId, content: object, issuedAt = version.issuedAt): GrantedVersion => ({
    ...version,
    issuer,
    kind: 'border.crew',
    content,
    issuedAt,
  });
  const crewQuery = (more: object) => query({ issuer: 'ln.border', kinds: ['border.crew'], ...more });

  it.each<[string, AccessScope, GrantedVersion]>([
    ['没有集装箱的内容', crewQuery({ container: 'CSQU3054383' }), issuedBy('ln.border', crew())],
    ['没有报关单号的内容', crewQuery({ declarationNumber: '090220261000000123' }), issuedBy('ln.border', crew())],
    ['集装箱不成清单', crewQuery({ container: 'CSQU3054383' }), issuedBy('ln.border', { containers: 'CSQU3054383' })],
    ['集装箱不成其项', crewQuery({ container: 'CSQU3054383' }), issuedBy('ln.border', { containers: [null, 7, {}] })],
    ['签发时间无法读出', crewQuery({}), issuedBy('ln.border', crew(), 'yesterday')],
  ])('读不出的不在其内 what cannot be read is not: %s', (_, about, result) => {
    expect(isAbout(about, result)).toBe(false);
  });
});
