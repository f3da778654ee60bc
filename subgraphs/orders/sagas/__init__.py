"""What is under way with orders, and brought to its end whatever happens.

Orders themselves, refunds, and shipments whose money is taken first have sagas.

- **Starts**: a command starts one, through the port ``Sagas``, in the unit of work of what it is about. ``claiming`` is
  where a worker's turn begins.
- **Advances**: ``runner``, from step to step, as the tables of ``domain/fulfilment.py`` say. ``order_steps``,
  ``refund_steps`` and ``shipment_steps`` try the steps of a kind and record what follows, with ``attempts`` and
  ``recording``; ``forwards`` has the steps by which an order is sold.
- **Compensates**: ``compensation`` has the steps by which an order is undone, and what is recorded of them.
- **Reports**: ``reports`` has what operators see and read of it; ``following`` names the ways in which a turn ends.
"""
