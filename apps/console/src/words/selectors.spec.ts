import { kindPatternName, termName, unitsInWords } from './selectors.ts';

it.each([
  ['*', '所有单位', 'every unit'],
  ['ln.customs', '辽宁海关', 'Liaoning customs'],
  ['*.border', '各省区边检', 'border of every province'],
  ['jl.*', '吉林各单位', 'every unit of Jilin'],
  ['sh.*', 'sh.*', 'sh.*'],
])('calls the term %s %s', (term, zh, en) => {
  expect(termName(term)).toEqual({ zh, en });
});

it.each([
  [{ only: ['*'] }, '所有单位'],
  [{ except: [] }, '所有单位'],
  [{ only: ['ln.customs', '*.inspection'] }, '辽宁海关、各省区检验检疫'],
  [{ except: ['*.border'] }, '除各省区边检以外的单位'],
])('says the units %j as %s', (terms, zh) => {
  expect(unitsInWords(terms).zh).toBe(zh);
});

it.each([
  ['*', '各类结果'],
  ['customs.*', '海关各类结果'],
  ['border.crew', '员工边防检查'],
  ['fire.alarm', 'fire.alarm'],
])('calls the kinds %s %s', (pattern, zh) => {
  expect(kindPatternName(pattern).zh).toBe(zh);
});
