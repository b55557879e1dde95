import type { Document } from './document-routes.ts'
import type { Project } from './project-routes.ts'

/** What the two demo APIs have on their shelves when the process starts. */
export const initialProjects: readonly Omit<Project, 'id'>[] = [
  { name: 'New website', status: 'active' },
  { name: 'Mobile app', status: 'active' },
  { name: 'Переезд офиса', status: 'planned' },
  { name: 'Warehouse automation', status: 'active' },
  { name: 'Обучение новых сотрудников', status: 'done' },
  { name: 'Annual report', status: 'planned' },
  { name: 'Customer survey', status: 'done' },
  { name: 'Электронный архив', status: 'active' },
  { name: 'Payment gateway', status: 'active' },
  { name: 'Office network', status: 'done' },
  { name: 'Каталог продукции', status: 'planned' },
  { name: 'Support portal', status: 'active' },
]

export const initialDocuments: readonly Omit<Document, 'id'>[] = [
  { title: 'Terms of service', status: 'approved' },
  { title: 'Privacy policy', status: 'approved' },
  { title: 'Договор поставки № 17', status: 'review' },
  { title: 'Budget for next year', status: 'draft' },
  { title: 'Положение об отпусках', status: 'approved' },
  { title: 'Release plan', status: 'review' },
  { title: 'Security guidelines', status: 'approved' },
  { title: 'Протокол совещания', status: 'draft' },
  { title: 'Price list', status: 'review' },
  { title: 'Incident report', status: 'draft' },
  { title: 'Инструкция для новичков', status: 'approved' },
  { title: 'Travel expenses', status: 'draft' },
]
