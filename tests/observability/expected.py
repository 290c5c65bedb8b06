"""What traces look like: below each span what it caused, by name; who did it stands first."""

SENT = """
gateway telegram receive
  gateway publish update.documents.{chat}
    bot process update.documents.{chat}
      bot publish command.files.keep_upload
        files process command.files.keep_upload
          files object_storage put
          files publish event.files.upload_kept
            storage process event.files.upload_kept
              storage sql
          files telegram download
          files telegram getFile
      bot publish command.people.remember_person
        storage process command.people.remember_person
          storage publish event.people.person_remembered
            storage process event.people.person_remembered
              storage sql
          storage sql
      bot redis
      bot request query.documents.list_types
        query process query.documents.list_types
          query sql
      bot request query.people.get_person
        query process query.people.get_person
          query sql
      bot telegram sendMessage
"""
ADDED = """
gateway telegram receive
  gateway publish update.documents.{chat}
    bot process update.documents.{chat}
      bot publish command.documents.add_document
        storage process command.documents.add_document
          storage publish event.documents.document_added
          storage publish event.files.upload_claimed
            storage process event.files.upload_claimed
              storage sql
          storage request outcome.{asker}.{command}
          storage sql
      bot redis
      bot telegram answerCallbackQuery
      bot telegram editMessageText
"""
REFUSED = """
gateway telegram receive
  gateway publish update.documents.{chat}
    bot process update.documents.{chat}
      bot publish command.documents.add_document
        storage process command.documents.add_document
          storage publish event.documents.document_refused
          storage request outcome.{asker}.{command}
          storage sql
      bot redis
      bot telegram answerCallbackQuery
      bot telegram editMessageText
"""
LATE = """
gateway telegram receive
  gateway publish update.documents.{chat}
    bot process update.documents.{chat}
      bot publish command.documents.add_document
        storage process command.documents.add_document
          storage publish event.documents.document_added
          storage publish event.files.upload_claimed
            storage process event.files.upload_claimed
              storage sql
          storage publish late.documents.document_added
            notifier process late.documents.document_added
              notifier redis
              notifier telegram sendMessage
          storage request outcome.{asker}.{command}
          storage sql
      bot redis
      bot telegram answerCallbackQuery
      bot telegram editMessageText
"""
DEAD = """
gateway telegram receive
  gateway publish update.documents.{chat}
    bot process update.documents.{chat}
      bot publish command.documents.add_document
        storage process command.documents.add_document FAILED
          storage publish dead.command.documents.add_document
          storage request outcome.{asker}.{command}
          storage sql
          storage sql FAILED
      bot redis
      bot telegram answerCallbackQuery
      bot telegram sendMessage
"""
REMINDED = """
storage due command.documents.remind_of_expiry
  storage publish command.documents.remind_of_expiry
    storage process command.documents.remind_of_expiry
      storage publish event.documents.expiry_near
        notifier process event.documents.expiry_near
          notifier publish notice.reminder.documents.{chat}
            notifier process notice.reminder.documents.{chat}
              notifier redis
              notifier telegram sendMessage
      storage sql
"""
