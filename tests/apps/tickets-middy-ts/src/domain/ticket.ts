export interface Ticket {
  id: string;
  reporter: string;
  text: string;
  priority: 'low' | 'high';
}
