import { createHash } from 'node:crypto';
import type { LocalizedText } from '@clearance/contracts';
import type { Person } from './people.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
body { margin: 0 auto; max-width: 46rem; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; line-height: 1.3; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }
.notice { border-inline-start: 0.3rem solid #b45309; padding: 0.25rem 0 0.25rem 1rem; }
ul { display: grid; gap: 0.5rem; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); list-style: none; margin: 0; padding: 0; }
button { border: 1px solid #6b7280; border-radius: 0.4rem; cursor: pointer; font: inherit; padding: 0.6rem 0.8rem; text-align: start; width: 100%; }
button:focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px; }
button span { display: block; font-size: 0.85rem; }
pre { white-space: pre-wrap; }
`;
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

const NAME: LocalizedText = { zh: '东北通关协作网格', en: 'Northeast clearance mesh' };

/** The page on which one chooses who to be. */
export function signInPage(people: readonly Person[], action: string): string {
  const offices = people.filter(({ unit }) => unit === undefined);
  const units = people.filter(({ unit }) => unit !== undefined);
  return page(
    { zh: '开发环境登录', en: 'Development sign-in' },
    `${paragraph(
      {
        zh: '本页仅供开发与试用：没有密码，凡能打开本页的人，都可选择以下任何身份。正式环境须接入本单位的身份认证系统。',
        en: 'This page is for development and trial only: there are no passwords, and everybody who reaches it may choose any of these people. A production mesh signs people in by an identity provider of its own.',
      },
      'notice',
    )}
<form method="post" action="${escape(action)}">
${choices('offices', { zh: '岗位', en: 'Offices' }, offices)}
${choices('units', { zh: '单位', en: 'Units' }, units)}
</form>`,
  );
}

/** The page that asks whether one means to sign out. @param form the provider's own, to whose id the buttons belong */
export function signOutPage(form: string): string {
  const button = (text: LocalizedText, name: string): string =>
    `<li><button type="submit" form="op.logoutForm" ${name}>${both(text)}</button></li>`;
  return page(
    { zh: '退出登录？', en: 'Sign out?' },
    `${form}
<ul>
${button({ zh: '退出', en: 'Sign out' }, 'name="logout" value="yes"')}
${button({ zh: '保持登录', en: 'Stay signed in' }, '')}
</ul>`,
  );
}

const MESSAGES = {
  'signed-out': { zh: '已退出登录', en: 'You are signed out' },
  refused: { zh: '登录请求被拒绝', en: 'The request to sign in was refused' },
  expired: {
    zh: '本次登录已过期，请回到控制台重新登录',
    en: 'This sign-in has expired; go back to the console and sign in again',
  },
} as const;

/** A page that says one thing. @param detail what is told beside it, to developers */
export function messagePage(message: keyof typeof MESSAGES, detail = ''): string {
  return page(MESSAGES[message], detail === '' ? '' : `<pre>${escape(detail)}</pre>`);
}

/**
 * The headers of a page that loads nothing and runs nothing.
 *
 * @param origins where a form may lead to beside its own address: browsers hold redirects to it too
 */
export function pageHeaders(origins: readonly string[]): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `style-src ${STYLE_HASH}`,
    ["form-action 'self'", ...origins].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy.join('; '),
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  };
}

function choices(id: string, title: LocalizedText, people: readonly Person[]): string {
  const items = people.map(
    (person) =>
      `<li><button type="submit" name="person" value="${escape(person.id)}">${both(person.name)}</button></li>`,
  );
  return `<section aria-labelledby="${id}"><h2 id="${id}">${both(title, ' ')}</h2><ul>\n${items.join('\n')}\n</ul></section>`;
}

function page(title: LocalizedText, content: string): string {
  const { zh, en } = title;
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(`${zh} ${en} – ${NAME.zh} ${NAME.en}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${both(title, '<br>')}</h1>
${content}
</main>
</body>
</html>
`;
}

function paragraph(text: LocalizedText, style: string): string {
  return `<div class="${style}"><p>${escape(text.zh)}</p><p lang="en">${escape(text.en)}</p></div>`;
}

function both({ zh, en }: LocalizedText, between = ' '): string {
  return `${escape(zh)}${between}<span lang="en">${escape(en)}</span>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
