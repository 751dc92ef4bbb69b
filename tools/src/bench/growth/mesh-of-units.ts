import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { AGENCIES } from '@clearance/contracts';
import { MESH_FILE } from '../../local-mesh/paths.ts';

/** Provinces that could join the four of the region: their codes are ISO 3166-2's. */
const FURTHER_PROVINCES = [
  { code: 'bj', name: { zh: '北京市', en: 'Beijing' } },
  { code: 'tj', name: { zh: '天津市', en: 'Tianjin' } },
  { code: 'he', name: { zh: '河北省', en: 'Hebei' } },
  { code: 'sx', name: { zh: '山西省', en: 'Shanxi' } },
  { code: 'sh', name: { zh: '上海市', en: 'Shanghai' } },
  { code: 'js', name: { zh: '江苏省', en: 'Jiangsu' } },
  { code: 'zj', name: { zh: '浙江省', en: 'Zhejiang' } },
  { code: 'ah', name: { zh: '安徽省', en: 'Anhui' } },
  { code: 'fj', name: { zh: '福建省', en: 'Fujian' } },
  { code: 'jx', name: { zh: '江西省', en: 'Jiangxi' } },
  { code: 'sd', name: { zh: '山东省', en: 'Shandong' } },
  { code: 'ha', name: { zh: '河南省', en: 'Henan' } },
];

/** How many units the largest of these meshes may have. */
export const MOST_UNITS = (4 + FURTHER_PROVINCES.length) * AGENCIES.length;

interface Named {
  readonly name: { readonly zh: string; readonly en: string };
}

interface MeshText {
  provinces: (Named & { code: string; iso: string })[];
  units: (Named & { id: string })[];
}

/**
 * The text of a `mesh.yaml` of so many units: the repository's own with the first so many of its units, and, where it has
 * not enough, those of further provinces; all three agencies are there from three units on.
 *
 * @throws RangeError when there are not so many
 */
export async function meshOfUnits(count: number): Promise<string> {
  if (count < AGENCIES.length || count > MOST_UNITS) throw new RangeError(`${AGENCIES.length}–${MOST_UNITS} units`);
  const document = parseDocument(await readFile(MESH_FILE, 'utf8'));
  const { provinces, units } = document.toJS() as MeshText;
  const further = FURTHER_PROVINCES.map((each) => ({ ...each, iso: `CN-${each.code.toUpperCase()}` }));
  const furtherUnits = further.flatMap(({ code, name }) =>
    AGENCIES.map((agency) => ({
      id: `${code}.${agency}`,
      name: { zh: `${name.zh} ${agency}`, en: `${name.en} ${agency}` },
    })),
  );
  const chosen = [...units, ...furtherUnits].slice(0, count);
  const there = new Set(chosen.map(({ id }) => id.split('.')[0]));
  document.set(
    'provinces',
    [...provinces, ...further].filter(({ code }) => there.has(code)),
  );
  document.set('units', chosen);
  return document.toString();
}
