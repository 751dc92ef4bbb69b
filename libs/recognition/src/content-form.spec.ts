import { contentOf } from './builders.fixture.ts';
import { notShown } from './content-form.ts';

describe('what a content does not show, whatever its copy says', () => {
  const { kind: _, ...withoutKind } = contentOf('R');
  const [check] = contentOf('R').checks;

  it.each<[string, unknown, string[]]>([
    ['nothing, in a content of the contract', contentOf('R'), []],
    ['all of it, when it is no object', 'content', ['']],
    ['a member that must be there', withoutKind, ['kind']],
    ['a member in another form', { ...contentOf('R'), goods: { item: 1 } }, ['goods']],
    ['an element without what it is told apart by', { ...contentOf('R'), containers: [{}] }, ['containers/*/number']],
    [
      'what a check says it covers, in a form that nobody knows',
      { ...contentOf('R'), checks: [{ ...check, covers: { items: ['1'], quantities: [{ item: 1, value: '5' }] } }] },
      ['checks/*/covers/items/*', 'checks/*/covers/quantities/*/unit'],
    ],
  ])('%s', (_case, content, paths) => {
    expect(notShown(content).map((path) => path.join('/'))).toEqual(paths);
  });
});
