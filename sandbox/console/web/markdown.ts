import MarkdownIt from 'markdown-it';

import type { WireMention } from '../wire.js';

interface Env {
  readonly mentions?: readonly WireMention[];
}

/** What Teams renders of markdown: emphasis, lists, links, code. No images, no HTML. */
const markdown = createMarkdown();

function createMarkdown() {
  const md = new MarkdownIt({ html: false, linkify: false, breaks: true });
  md.disable(['table', 'html_block', 'html_inline']);
  md.validateLink = (url) => /^(https?:|mailto:|tel:)/i.test(url);
  md.inline.ruler.before('autolink', 'mention', (state, silent) => {
    const { mentions = [] } = state.env as Env;
    const mention = mentions.find((one) => state.src.startsWith(one.text, state.pos));
    if (!mention) return false;
    if (!silent) state.push('mention', 'span', 0).meta = { ...mention };
    state.pos += mention.text.length;
    return true;
  });
  md.renderer.rules['mention'] = (tokens, index) => {
    const mention = tokens[index]?.meta as unknown as WireMention;
    return `<span class="mention${mention.isMe ? ' mention-me' : ''}">${md.utils.escapeHtml(mention.name)}</span>`;
  };
  md.renderer.rules['image'] = (tokens, index) => md.utils.escapeHtml(tokens[index]?.content ?? '');
  const link = md.renderer.rules['link_open'];
  md.renderer.rules['link_open'] = (tokens, index, options, env, self) => {
    tokens[index]?.attrSet('target', '_blank');
    tokens[index]?.attrSet('rel', 'noopener noreferrer');
    return link ? link(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
  };
  return md;
}

export function toHtml(text: string, mentions: readonly WireMention[]): string {
  return markdown.render(text, { mentions });
}
