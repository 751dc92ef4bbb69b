import { csvRecord } from './csv.ts';

it.each([
  ['plain', 'plain'],
  ['', ''],
  [12, '12'],
  [-12, '-12'],
  ['a,b', '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
  // What a spreadsheet would run.
  ['=1+1', "'=1+1"],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ['+86', "'+86"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
  ['＝1+1', "'＝1+1"],
  // What only looks like it.
  ['1=1', '1=1'],
  ['《海关法》第六条', '《海关法》第六条'],
])('a cell of %j is %j', (value, expected) => {
  expect(csvRecord([value, 1])).toBe(`${expected},1\r\n`);
});
