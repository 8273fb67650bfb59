import Handlebars from 'handlebars';

import type { Letter, Mailbox } from '@core/types';

/** A mailbox that shows the letters and sends none. */
export class Renderer implements Mailbox {
  readonly shown: string[] = [];

  async send(letters: Letter[]): Promise<void> {
    const page = Handlebars.compile('<h1>{{subject}}</h1><p>{{text}}</p>');
    letters.forEach((letter) => this.shown.push(page(letter)));
  }
}
