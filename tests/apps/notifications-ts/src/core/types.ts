export interface Subscriber {
  id: string;
  topic: string;
  address: string;
}

export interface Letter {
  to: string;
  subject: string;
  text: string;
}

/** Anywhere that letters can be handed in. */
export interface Mailbox {
  send(letters: Letter[]): Promise<void>;
}

/** Someone to tell when a delivery fails. */
export interface Alarm {
  raise(message: string): Promise<void>;
}
