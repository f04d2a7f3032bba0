-- Events of files enter their people's last_event_date later, all at once: to move the row of a person for each of their events is
-- half of what an event costs. Which those are: the events with change numbers from undated_from to undated_to; null when there are none.
alter table change_counter
  add column undated_from bigint,
  add column undated_to bigint,
  add check ((undated_from is null) = (undated_to is null));
