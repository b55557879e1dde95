import { Menu } from '@mantine/core'
import { createLink } from '@tanstack/react-router'

/** An entry of a menu that leads to a page. */
export const LinkMenuItem = createLink(Menu.Item<'a'>)
