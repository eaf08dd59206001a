import { Migration } from '@mikro-orm/migrations'

const statements = [
  `create table delivery_provider (
    id int unsigned not null auto_increment primary key,
    name varchar(100) not null,
    coverage_area varchar(150) not null,
    cost decimal(12,2) not null
  ) default character set utf8mb4 collate utf8mb4_unicode_ci engine = InnoDB`,
  `alter table delivery_provider add unique delivery_provider_name_unique (name)`,
  `alter table delivery_provider add constraint delivery_provider_cost_check check (cost >= 0)`,
  `create table lease (
    name varchar(50) not null,
    holder varchar(150) not null,
    renewed_at datetime(3) not null,
    expires_at datetime(3) not null,
    primary key (name)
  ) default character set utf8mb4 collate utf8mb4_unicode_ci engine = InnoDB`,
  `create table rate_limit (
    digest varchar(64) not null,
    hits int not null,
    expires_at datetime(3) not null,
    primary key (digest)
  ) default character set utf8mb4 collate utf8mb4_unicode_ci engine = InnoDB`,
  `alter table rate_limit add index rate_limit_expires_at_index (expires_at)`,
  `create table submission (
    digest varchar(64) not null,
    result int null,
    created_at datetime(3) not null,
    primary key (digest)
  ) default character set utf8mb4 collate utf8mb4_unicode_ci engine = InnoDB`,
  `alter table submission add index submission_created_at_index (created_at)`,
  `create table user (
    id int unsigned not null auto_increment primary key,
    name varchar(150) not null,
    email varchar(150) not null,
    password varchar(150) not null,
    role varchar(10) not null default 'USER',
    created_at datetime(3) not null
  ) default character set utf8mb4 collate utf8mb4_unicode_ci engine = InnoDB`,
  `alter table user add unique user_email_unique (email)`,
  `alter table user add constraint user_role_check check (role in ('USER', 'ADMIN'))`,
  `create table session (
    digest varchar(64) not null,
    user_id int unsigned not null,
    created_at datetime(3) not null,
    expires_at datetime(3) not null,
    primary key (digest)
  ) default character set utf8mb4 collate utf8mb4_unicode_ci engine = InnoDB`,
  `alter table session add index session_user_id_index (user_id)`,
  `alter table session add index session_expires_at_index (expires_at)`,
  `create table book (
    id int unsigned not null auto_increment primary key,
    title varchar(150) not null,
    author varchar(100) not null,
    description text null,
    price decimal(12,2) not null,
    stock int not null default 0,
    seller_id int unsigned not null,
    cover varchar(80) null,
    version int not null default 1,
    listed tinyint(1) not null default true,
    created_at datetime(3) not null
  ) default character set utf8mb4 collate utf8mb4_unicode_ci engine = InnoDB`,
  `alter table book add index book_listed_index (listed, id)`,
  `alter table book add index book_title_index (listed, title, id)`,
  `alter table book add index book_price_index (listed, price, id)`,
  `alter table book add index book_seller_index (seller_id, listed, id)`,
  `alter table book add fulltext index book_search_index(title,author)`,
  `alter table book add constraint book_stock_check check (stock >= 0)`,
  `alter table book add constraint book_price_check check (price >= 0)`,
  `create table purchase (
    id int unsigned not null auto_increment primary key,
    user_id int unsigned not null,
    book_id int unsigned not null,
    seller_id int unsigned not null,
    title varchar(150) not null,
    author varchar(100) not null,
    unit_price decimal(12,2) not null,
    quantity int not null,
    total_price decimal(12,2) not null,
    status varchar(50) not null,
    created_at datetime(3) not null,
    updated_at datetime(3) not null
  ) default character set utf8mb4 collate utf8mb4_unicode_ci engine = InnoDB`,
  `alter table purchase add index purchase_book_id_index (book_id)`,
  `alter table purchase add index purchase_user_index (user_id, id)`,
  `alter table purchase add index purchase_seller_index (seller_id, id)`,
  `alter table purchase add index purchase_unpaid_index (status, created_at)`,
  `alter table purchase add constraint purchase_quantity_check check (quantity between 1 and 1000)`,
  `alter table purchase add constraint purchase_status_check check (status in ('Pending Payment', 'Paid', 'Shipped', 'Delivered', 'Cancelled', 'Expired'))`,
  `alter table purchase add constraint purchase_total_check check (abs(total_price - unit_price * quantity) < 0.005)`,
  `create table payment (
    id int unsigned not null auto_increment primary key,
    purchase_id int unsigned not null,
    amount decimal(12,2) not null,
    payment_method varchar(50) not null,
    payment_status varchar(50) not null default 'Paid',
    created_at datetime(3) not null
  ) default character set utf8mb4 collate utf8mb4_unicode_ci engine = InnoDB`,
  `alter table payment add unique payment_purchase_unique (purchase_id)`,
  `alter table payment add constraint payment_method_check check (payment_method in ('Credit Card', 'Paypal', 'Bank Transfer'))`,
  `create table delivery_assignment (
    id int unsigned not null auto_increment primary key,
    purchase_id int unsigned not null,
    provider_id int unsigned not null,
    cost decimal(12,2) not null,
    created_at datetime(3) not null
  ) default character set utf8mb4 collate utf8mb4_unicode_ci engine = InnoDB`,
  `alter table delivery_assignment add unique delivery_assignment_purchase_unique (purchase_id)`,
  `alter table delivery_assignment add index delivery_assignment_provider_id_index (provider_id)`,
  `alter table session add constraint session_user_id_foreign foreign key (user_id) references user (id) on delete cascade`,
  `alter table book add constraint book_seller_id_foreign foreign key (seller_id) references user (id)`,
  `alter table purchase add constraint purchase_user_id_foreign foreign key (user_id) references user (id)`,
  `alter table purchase add constraint purchase_book_id_foreign foreign key (book_id) references book (id)`,
  `alter table purchase add constraint purchase_seller_id_foreign foreign key (seller_id) references user (id)`,
  `alter table payment add constraint payment_purchase_id_foreign foreign key (purchase_id) references purchase (id)`,
  `alter table delivery_assignment add constraint delivery_assignment_purchase_id_foreign foreign key (purchase_id) references purchase (id)`,
  `alter table delivery_assignment add constraint delivery_assignment_provider_id_foreign foreign key (provider_id) references delivery_provider (id)`,
]

/** All tables of the first version. */
export class First extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}
